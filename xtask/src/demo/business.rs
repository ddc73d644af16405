//! What the service says of its business and of its outgoing calls.

use std::fmt;

use super::{seen::Sample, text::grouped};

/// Family, label that is shown, and what the traffic must have left in it: more than this.
const FAMILIES: [(&str, &str, &str); 13] = [
    ("orders_total", "order_type", "orders, by type"),
    ("order_value_count", "order_type", "orders with a value"),
    ("payments_total", "gateway", "payments, by gateway"),
    ("payment_value_count", "gateway", "payments with a value"),
    ("goods_received_total", "warehouse", "deliveries, by warehouse"),
    ("goods_processing_seconds_count", "warehouse", "deliveries that were booked"),
    ("warehouse_utilization_percent", "warehouse", "per cent of a warehouse in use"),
    ("inventory_items", "", "items in stock"),
    ("conversion_funnel_total", "stage", "stages of the funnel"),
    ("order_lines_count", "kind", "orders with lines"),
    ("db_pool_connections", "state", "connections to the database"),
    ("db_query_duration_seconds_count", "query_type", "queries, by type"),
    ("external_request_duration_seconds_count", "target", "requests to others, by target"),
];

/// Each family with its sums by one label.
pub(super) struct Business(Vec<Family>);

struct Family {
    name: &'static str,
    what: &'static str,
    sums: Vec<(String, f64)>,
}

impl Business {
    pub(super) fn of(samples: &[Sample]) -> Self {
        Self(FAMILIES.iter().map(|family| Family::of(*family, samples)).collect())
    }

    /// The families that the traffic left empty, a line each.
    pub(super) fn missing(&self) -> Vec<String> {
        let empty = self.0.iter().filter(|family| !family.is_there());
        empty.map(|family| format!("  {}: no {}", family.name, family.what)).collect()
    }
}

impl Family {
    fn of((name, label, what): (&'static str, &str, &'static str), samples: &[Sample]) -> Self {
        let mut sums: Vec<(String, f64)> = Vec::new();
        for sample in samples.iter().filter(|sample| sample.name == name) {
            let value = sample.label(label);
            match sums.iter_mut().find(|(known, _)| known == value) {
                Some((_, sum)) => *sum += sample.value,
                None => sums.push((value.to_owned(), sample.value)),
            }
        }
        Self { name, what, sums }
    }

    fn is_there(&self) -> bool {
        self.sums.iter().any(|(_, sum)| *sum > 0.0)
    }
}

impl fmt::Display for Business {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The business and its calls, from /metrics:")?;
        for Family { name, what, sums } in &self.0 {
            let sums = sums.iter().map(|(value, sum)| {
                format!("{value} {}", grouped(sum.round().max(0.0) as u64)).trim().to_owned()
            });
            writeln!(f, "  {what:<32} {} ({name})", sums.collect::<Vec<_>>().join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::seen::parse;
    use super::*;

    #[test]
    fn families_are_summed_by_a_label_and_missing_ones_are_named() {
        let text = "orders_total{order_type=\"b2b\",status=\"created\"} 2\n\
                    orders_total{order_type=\"b2b\",status=\"paid\"} 1\n\
                    inventory_items 5600000\n";
        let business = Business::of(&parse(text).unwrap());
        let shown = business.to_string();
        assert!(shown.contains("b2b 3 (orders_total)"), "{shown}");
        let missing = business.missing();
        assert_eq!(missing.len(), FAMILIES.len() - 2);
        assert!(missing.contains(&"  payments_total: no payments, by gateway".to_owned()));
    }
}
