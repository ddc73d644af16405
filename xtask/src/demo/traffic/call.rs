//! A step as a request: what goes over the wire, how it ends, and which route it should be counted under.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    super::series::Route,
    orders::{Order, Orders},
    plan::Step,
};

pub(super) struct Call {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Option<Value>,
    pub(super) route: Route,
    pub(super) ending: Ending,
    pub(super) effect: Effect,
}

/// When the client stops reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ending {
    AtTheEnd,
    BeforeHeaders(Duration),
    InTheBody,
    OfTheStream(Duration),
}

/// What the answer 201 changes.
pub(super) enum Effect {
    None,
    Placed,
    Paid(Order),
}

impl Call {
    fn new(method: &'static str, pattern: &str) -> Self {
        Self {
            method,
            path: pattern.to_owned(),
            body: None,
            route: Route::new(method, pattern),
            ending: Ending::AtTheEnd,
            effect: Effect::None,
        }
    }

    fn get(pattern: &str) -> Self {
        Self::new("GET", pattern)
    }

    fn post(pattern: &str, body: Value) -> Self {
        Self { body: Some(body), ..Self::new("POST", pattern) }
    }

    fn at(self, path: impl Into<String>) -> Self {
        Self { path: path.into(), ..self }
    }

    fn counted_as(self, method: &str, pattern: &str) -> Self {
        Self { route: Route::new(method, pattern), ..self }
    }

    fn ending(self, ending: Ending) -> Self {
        Self { ending, ..self }
    }

    fn with(self, effect: Effect) -> Self {
        Self { effect, ..self }
    }

    /// The request of `step`; the first order, if the step needs one and there is none yet.
    pub(super) fn new_for(step: Step, orders: &Orders) -> Self {
        Self::try_for(step, orders).unwrap_or_else(place_order)
    }

    fn try_for(step: Step, orders: &Orders) -> Option<Self> {
        Some(match step {
            Step::PlaceOrder => place_order(),
            Step::PlaceEmptyOrder => Self::post("/orders", order(json!([]))),
            Step::ListOrders => Self::get("/orders").at("/orders?limit=20"),
            Step::PeekAtOrders => Self::new("HEAD", "/orders"),
            Step::ReadOrder => {
                Self::get("/orders/{id}").at(format!("/orders/{}", orders.any_unpaid()?.id))
            }
            Step::ReadMissingOrder => Self::get("/orders/{id}").at(missing(&orders.any_unpaid()?)),
            Step::PayOrder => {
                let order = orders.take_unpaid()?;
                pay(&order, order.total.clone()).with(Effect::Paid(order))
            }
            Step::PayTwice => {
                let order = orders.any_paid()?;
                pay(&order, order.total.clone())
            }
            Step::PayWrongAmount => pay(&orders.any_unpaid()?, json!(1)),
            Step::ReceiveGoods => receive(any(["china", "ghana"])),
            Step::ReceiveGoodsElsewhere => receive("atlantis"),
            Step::ReadUtilization => utilization(any(["china", "ghana"])),
            Step::ReadUtilizationElsewhere => utilization("atlantis"),
            Step::ReadForecast => forecast("china"),
            Step::BreakForecast => forecast("lagos"),
            Step::Export => Self::get("/orders/export"),
            Step::ExportAndLeave => Self::get("/orders/export").ending(Ending::InTheBody),
            Step::WatchEvents => {
                Self::get("/orders/events").ending(Ending::OfTheStream(millis(300..1500)))
            }
            Step::ReadReport => Self::get("/reports/daily"),
            // The report takes 150 ms at least.
            Step::LoseReportPatience => {
                Self::get("/reports/daily").ending(Ending::BeforeHeaders(millis(30..100)))
            }
            Step::Reconcile => Self::new("POST", "/payments/reconcile"),
            Step::ScanForHoles => Self::get("unknown").at(hole()),
            Step::SpeakStrangely => Self::new("BREW", "/orders").counted_as("OTHER", "/orders"),
        })
    }
}

fn place_order() -> Call {
    let lines: Vec<Value> = (0..fastrand::usize(1..4))
        .map(|_| {
            let (sku, price) = any([
                ("rice-5kg", 1250),
                ("milk-1l", 95),
                ("ghee-500g", 780),
                ("lentils-2kg", 340),
            ]);
            json!({"sku": sku, "quantity": fastrand::u32(1..6), "unit_price": price})
        })
        .collect();
    Call::post("/orders", order(json!(lines))).with(Effect::Placed)
}

fn order(lines: Value) -> Value {
    json!({
        "customer": format!("c-{}", fastrand::u32(1..200)),
        "kind": any(["b2b", "b2c"]),
        "payment": gateway(),
        "lines": lines,
    })
}

fn pay(order: &Order, amount: Value) -> Call {
    let body = json!({"gateway": gateway(), "amount": amount});
    Call::post("/orders/{id}/payments", body).at(format!("/orders/{}/payments", order.id))
}

fn receive(warehouse: &str) -> Call {
    let body =
        json!({"warehouse": warehouse, "sku": "rice-5kg", "quantity": fastrand::u32(1..=10)});
    Call::post("/goods-received", body)
}

fn utilization(warehouse: &str) -> Call {
    Call::get("/warehouses/{name}/utilization").at(format!("/warehouses/{warehouse}/utilization"))
}

fn forecast(warehouse: &str) -> Call {
    Call::get("/warehouses/{name}/forecast").at(format!("/warehouses/{warehouse}/forecast"))
}

/// An id of the same form as a real one, which nobody has.
fn missing(order: &Order) -> String {
    let id: String = order.id.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    let is_number = id.bytes().all(|byte| byte == b'9');
    if is_number { "/orders/999999999".to_owned() } else { format!("/orders/{id}") }
}

fn hole() -> String {
    format!("/{}-{:x}", any(["wp-login.php", ".env", "admin", "cgi-bin/luci"]), fastrand::u32(..))
}

fn gateway() -> &'static str {
    any(["bkash", "nagad", "sslcommerz"])
}

fn any<T: Copy, const N: usize>(choices: [T; N]) -> T {
    choices[fastrand::usize(..N)]
}

fn millis(range: std::ops::Range<u64>) -> Duration {
    Duration::from_millis(fastrand::u64(range))
}

#[cfg(test)]
mod tests {
    use super::{super::plan::PLAN, *};

    #[test]
    fn every_step_has_a_request_even_before_the_first_order() {
        for (step, _) in PLAN {
            let call = Call::new_for(step, &Orders::default());
            assert!(call.path.starts_with('/'), "{step:?}: {}", call.path);
            assert!(!call.path.contains('{'), "{step:?}: {}", call.path);
        }
    }

    #[test]
    fn a_missing_order_has_an_id_of_the_same_form() {
        let with_id = |id: &str| Order { id: id.to_owned(), total: Value::Null };
        assert_eq!(missing(&with_id("12")), "/orders/999999999");
        assert_eq!(missing(&with_id("0193-ab1")), "/orders/9999-ab9");
    }

    #[test]
    fn a_strange_method_is_counted_as_other() {
        let call = Call::new_for(Step::SpeakStrangely, &Orders::default());
        assert_eq!((call.method, call.route), ("BREW", Route::new("OTHER", "/orders")));
    }

    #[test]
    fn patience_ends_before_the_report_begins() {
        let call = Call::new_for(Step::LoseReportPatience, &Orders::default());
        assert!(
            matches!(call.ending, Ending::BeforeHeaders(patience) if patience < Duration::from_millis(150))
        );
    }
}
