//! What the service promises, whatever its database is.

mod goods;
mod orders;
mod payments;
mod reports;
mod streams;

use std::{pin::Pin, time::Duration};

use serde_json::{Value, json};

use crate::server::{NO_GATEWAY, Service};

pub(crate) type Scenario = for<'a> fn(&'a Service) -> Pin<Box<dyn Future<Output = ()> + 'a>>;

macro_rules! scenarios {
    ($($module:ident::$name:ident,)+) => {
        pub(crate) const ALL: &[(&str, Scenario)] =
            &[$((stringify!($name), |service| Box::pin($module::$name(service)))),+];

        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::on_sqlite(|service| Box::pin(super::$module::$name(service))).await;
                }
            )+
        }
    };
}

scenarios! {
    orders::an_order_is_placed_and_read,
    orders::bad_orders_are_refused,
    orders::the_newest_orders_are_listed,
    orders::what_is_not_there_is_not_found,
    payments::an_order_is_paid_once,
    payments::of_many_payments_at_once_one_is_stored,
    payments::a_gateway_that_is_not_there_is_a_bad_gateway,
    goods::goods_fill_a_warehouse,
    goods::bad_deliveries_are_refused,
    goods::many_deliveries_at_once_do_not_overfill_a_warehouse,
    goods::a_forecast_is_made_from_goods_received,
    goods::the_bug_left_in_on_purpose_ends_one_request_only,
    streams::an_export_comes_in_frames,
    streams::an_export_can_be_left_in_the_middle,
    streams::events_are_told_until_the_service_stops,
    reports::a_report_sums_up_the_day,
}

async fn on_sqlite(scenario: Scenario) {
    let service = Service::on_sqlite(NO_GATEWAY).await;
    eprintln!("backend: {}", service.backend);
    play(scenario, &service).await;
}

pub(crate) async fn play(scenario: Scenario, service: &Service) {
    tokio::time::timeout(Duration::from_secs(30), scenario(service))
        .await
        .expect("done within 30 s");
}

/// An order over 2 500.
fn order() -> Value {
    json!({
        "customer": "c-1",
        "kind": "b2b",
        "payment": "bkash",
        "lines": [{"sku": "rice-5kg", "quantity": 2, "unit_price": 1250}],
    })
}

/// Places [`order`] and returns its id.
async fn placed(service: &Service) -> String {
    let order = service.post("/orders", order()).await.expect(201);
    order["id"].as_str().unwrap().to_owned()
}
