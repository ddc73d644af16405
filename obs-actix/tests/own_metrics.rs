//! Metrics of the application. The adapter is its one dependency: what macros expand to has to find its
//! way by itself.

use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use obs_actix::metrics::business::{OrderType, PaymentMethod, PaymentStatus};
use obs_actix::metrics::prelude::*;
use obs_actix::metrics::testing::{Readings, Recorder};
use obs_actix::{Obs, Observe as _, Setup};

label_enum! {
    /// How an order is paid.
    pub enum Payment { Bkash = "bkash", Card = "card" }
}

define_metrics! {
    /// What the shop counts.
    pub struct Shop namespace("shop") {
        /// Orders placed.
        counter orders { payment: Payment };
    }
}

fn sell(metrics: &Metrics) -> Result<u8, std::fmt::Error> {
    order_created!(handle: metrics, OrderType::B2b, PaymentMethod::Bkash, 1250.0);
    obs_actix::metrics::payment_processed!(handle: metrics, "bkash", PaymentStatus::Success, 1250);
    active_users!(handle: metrics, "farmer", "24h", 340);
    rate_limit_hit!(handle: metrics, Capped::<_, 10>("/orders"), Payment::Card);
    calculation_timed!(handle: metrics, "discount", 0);
    // To nobody: nothing is installed.
    session_started!();
    db_query!(handle: metrics, "insert", Ok(1))
}

/// What [`sell`] shows.
fn sold(seen: &Readings) {
    seen.assert("orders_total{order_type='b2b',payment_method='bkash'}", 1);
    seen.assert("order_value_sum{order_type='b2b'}", 1250);
    seen.assert("payments_total{gateway='bkash',status='success'}", 1);
    seen.assert("active_users{user_type='farmer',time_window='24h'}", 340);
    seen.assert("rate_limit_hits_total{route='/orders',category='card'}", 1);
    seen.assert("calc_duration_seconds_count{kind='discount'}", 1);
    seen.assert("db_query_duration_seconds_count{query_type='insert'}", 1);
}

/// DAIRY-40.
#[actix_web::test]
async fn macros_find_their_way_through_the_adapter() {
    let obs: Obs = Setup::new(Default::default()).build();
    let shop = Shop::new(obs.metrics()).unwrap();
    let handle = obs.clone();
    let order = move || {
        let (obs, shop) = (handle.clone(), shop.clone());
        async move {
            shop.orders.inc(Payment::Bkash);
            sell(obs.metrics()).unwrap().to_string()
        }
    };
    let app = App::new().route("/orders", web::post().to(order)).wrap(obs.middleware());
    let app = init_service(app).await;
    let request = TestRequest::post().uri("/orders").to_request();
    read_body(call_service(&app, request).await).await;
    obs.metrics().http().record("POST", "/orders", 201, std::time::Duration::ZERO);

    let seen = Readings::of(obs.metrics());
    sold(&seen);
    seen.assert("shop_orders_total{payment='bkash'}", 1);
    seen.assert("http_requests_total{method='POST',route='/orders'}", 2);

    let recorder = Recorder::new();
    sell(recorder.metrics()).unwrap();
    sold(&Readings::of(recorder.metrics()));
}
