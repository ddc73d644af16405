//! Metrics of the application, read back in its own test: no socket, no text, nothing installed.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::routing::get;
use http_body_util::BodyExt as _;
use obs_axum::metrics::testing::Readings;
use obs_axum::metrics::{define_metrics, label_enum};
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
