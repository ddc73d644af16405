//! Metrics of the application, read back in its own test: no socket, no text, nothing installed. The
//! adapter is its one dependency: what macros expand to has to find its way by itself.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::routing::{get, post};
use http_body_util::BodyExt as _;
use obs_axum::metrics::business::{OrderType, PaymentMethod, PaymentStatus};
use obs_axum::metrics::prelude::*;
use obs_axum::metrics::testing::{Readings, Recorder};
use obs_axum::{Obs, Observe as _, Setup};
use tower::ServiceExt as _;

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

async fn order(State(shop): State<Shop>) -> &'static str {
    shop.orders.inc(Payment::Bkash);
    "an order"
}

#[tokio::test]
async fn the_metrics_of_a_handle_are_read_in_a_test() {
    let obs: Obs = Setup::new(Default::default()).build();
    let shop = Shop::new(obs.metrics()).unwrap();
    let app = Router::new().route("/orders", get(order)).with_state(shop).observe(&obs);
    for orders in 1..=2 {
        let before = Readings::of(obs.metrics());
        let request = Request::get("/orders").body(Body::empty()).unwrap();
        let answer = app.clone().oneshot(request).await.unwrap();
        answer.into_body().collect().await.unwrap();

        let after = Readings::of(obs.metrics());
        after.assert("shop_orders_total{payment='bkash'}", orders);
        let since = after.since(&before);
        since.assert("shop_orders_total", 1);
        since.assert("http_requests_total{route='/orders',status_code='200'}", 1);
    }
}

fn sell(metrics: &Metrics) -> Result<u8, std::fmt::Error> {
    order_created!(handle: metrics, OrderType::B2b, PaymentMethod::Bkash, 1250.0);
    obs_axum::metrics::payment_processed!(handle: metrics, "bkash", PaymentStatus::Success, 1250);
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
#[tokio::test]
async fn macros_find_their_way_through_the_adapter() {
    let obs: Obs = Setup::new(Default::default()).build();
    let order = async |State(obs): State<Obs>| sell(obs.metrics()).unwrap().to_string();
    let app = Router::new().route("/orders", post(order)).with_state(obs.clone()).observe(&obs);
    let request = Request::post("/orders").body(Body::empty()).unwrap();
    app.oneshot(request).await.unwrap().into_body().collect().await.unwrap();
    obs.metrics().http().record("POST", "/orders", 201, std::time::Duration::ZERO);

    let seen = Readings::of(obs.metrics());
    sold(&seen);
    seen.assert("http_requests_total{method='POST',route='/orders'}", 2);

    let recorder = Recorder::new();
    sell(recorder.metrics()).unwrap();
    sold(&Readings::of(recorder.metrics()));
}
