use serde::Serialize;

use super::Refusal;

/// The forecast looks back this far.
pub const WINDOW_DAYS: i64 = 7;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warehouse {
    pub name: String,
    pub capacity: i64,
    pub used: i64,
}

#[derive(Debug, Serialize)]
pub struct Utilization {
    warehouse: String,
    capacity: i64,
    used: i64,
    percent: f64,
}

impl Utilization {
    pub fn percent(&self) -> f64 {
        self.percent
    }
}

#[derive(Debug, Serialize)]
pub struct Forecast {
    warehouse: String,
    free: i64,
    received: i64,
    window_days: i64,
    days_until_full: i64,
}

impl Warehouse {
    fn free(&self) -> i64 {
        self.capacity - self.used
    }

    pub fn store(&mut self, quantity: i64) -> Result<(), Refusal> {
        if quantity > self.free() {
            return Err(Refusal::OverCapacity {
                warehouse: self.name.clone(),
                free: self.free(),
                quantity,
            });
        }
        self.used += quantity;
        Ok(())
    }

    pub fn utilization(self) -> Utilization {
        // Two decimals, without the long tails of binary fractions.
        let basis_points = self.used * 10_000 / self.capacity;
        Utilization {
            percent: basis_points as f64 / 100.0,
            warehouse: self.name,
            capacity: self.capacity,
            used: self.used,
        }
    }

    pub fn forecast(self, received: i64) -> Forecast {
        let free = self.free();
        // BUG, left in on purpose: a warehouse that received nothing in the window divides by
        // zero and panics. It shows what a panic looks like in every signal: try "lagos".
        let days_until_full = free * WINDOW_DAYS / received;
        Forecast { warehouse: self.name, free, received, window_days: WINDOW_DAYS, days_until_full }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ghana(used: i64) -> Warehouse {
        Warehouse { name: "ghana".to_owned(), capacity: 300, used }
    }

    #[test]
    fn goods_are_stored_up_to_the_last_place() {
        let mut warehouse = ghana(290);
        assert!(warehouse.store(11).is_err());
        assert_eq!(warehouse.used, 290);
        assert!(warehouse.store(10).is_ok());
        assert!(warehouse.store(1).is_err());
    }

    #[test]
    fn utilization_has_two_decimals() {
        assert_eq!(ghana(100).utilization().percent, 33.33);
        assert_eq!(ghana(300).utilization().percent, 100.0);
    }

    #[test]
    fn the_forecast_goes_on_as_in_the_window() {
        assert_eq!(ghana(100).forecast(70).days_until_full, 20);
        assert_eq!(ghana(300).forecast(70).days_until_full, 0);
    }

    #[test]
    #[should_panic(expected = "divide by zero")]
    fn the_bug_left_in_on_purpose_panics() {
        ghana(0).forecast(0);
    }
}
