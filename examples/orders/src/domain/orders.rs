use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    id::new_id,
    payments::Gateway,
    refusal::{Refusal, check_range, check_text},
};

const MAX_LINES: usize = 100;
const MAX_QUANTITY: i64 = 100_000;
const MAX_UNIT_PRICE: i64 = 10_000_000;

text_enum! {
    OrderKind { B2b = "b2b", B2c = "b2c" }
}

text_enum! {
    OrderStatus { Placed = "placed", Paid = "paid" }
}

/// How much of the list is asked for.
#[derive(Debug, Deserialize)]
pub struct Page {
    #[serde(default = "usual_limit")]
    pub limit: i64,
}

fn usual_limit() -> i64 {
    20
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub sku: String,
    pub quantity: i64,
    pub unit_price: i64,
}

/// What a customer asks for.
#[derive(Debug, Deserialize)]
pub struct NewOrder {
    pub customer: String,
    pub kind: OrderKind,
    pub payment: Gateway,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    pub id: String,
    pub customer: String,
    pub kind: OrderKind,
    pub payment: Gateway,
    pub status: OrderStatus,
    pub total: i64,
    pub placed_at: Timestamp,
}

#[derive(Debug, Serialize)]
pub struct OrderWithLines {
    #[serde(flatten)]
    pub order: Order,
    pub lines: Vec<Line>,
}

impl NewOrder {
    pub fn place(self, now: Timestamp) -> Result<OrderWithLines, Refusal> {
        check_text("customer", &self.customer, 64)?;
        let got = self.lines.len();
        if got == 0 || got > MAX_LINES {
            return Err(Refusal::BadLineCount { max: MAX_LINES, got });
        }
        self.lines.iter().try_for_each(Line::check)?;
        // Cannot overflow: the limits above allow 10^14.
        let total = self.lines.iter().map(Line::price).sum();
        let order = Order {
            id: new_id(now),
            customer: self.customer,
            kind: self.kind,
            payment: self.payment,
            status: OrderStatus::Placed,
            total,
            placed_at: now,
        };
        Ok(OrderWithLines { order, lines: self.lines })
    }
}

impl Line {
    fn check(&self) -> Result<(), Refusal> {
        check_text("sku", &self.sku, 64)?;
        check_range("quantity", self.quantity, 1, MAX_QUANTITY)?;
        check_range("unit_price", self.unit_price, 1, MAX_UNIT_PRICE)
    }

    fn price(&self) -> i64 {
        self.quantity * self.unit_price
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_lines(lines: &[(i64, i64)]) -> Result<OrderWithLines, Refusal> {
        let order = NewOrder {
            customer: "c-1".to_owned(),
            kind: OrderKind::B2b,
            payment: Gateway::Bkash,
            lines: lines
                .iter()
                .map(|&(quantity, unit_price)| Line {
                    sku: "rice-5kg".to_owned(),
                    quantity,
                    unit_price,
                })
                .collect(),
        };
        order.place(Timestamp::now())
    }

    #[test]
    fn the_total_is_the_sum_of_the_lines() {
        let placed = with_lines(&[(2, 1250), (3, 95)]).unwrap().order;
        assert_eq!((placed.total, placed.status), (2785, OrderStatus::Placed));
    }

    #[test]
    fn the_largest_order_has_a_total() {
        let lines = [(MAX_QUANTITY, MAX_UNIT_PRICE); MAX_LINES];
        assert_eq!(with_lines(&lines).unwrap().order.total, 100_000_000_000_000);
    }

    #[test]
    fn bad_lines_are_refused() {
        for lines in [vec![], vec![(0, 1)], vec![(-1, 1)], vec![(1, 0)]] {
            assert!(with_lines(&lines).is_err(), "{lines:?}");
        }
        assert!(with_lines(&[(1, 1); MAX_LINES + 1]).is_err());
    }
}
