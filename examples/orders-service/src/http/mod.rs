//! The routes.

mod body;
mod error;
mod export;
mod goods;
mod orders;
mod payments;
mod reports;
mod warehouses;
mod watch;

use axum::{
    Router,
    routing::{get, post},
};

use crate::{config::GatewayUrl, events::Events, gateway::Gateway, store::Store};
use error::Problem;

/// What the handlers share.
#[derive(Debug, Clone)]
pub struct AppState {
    /// What happens to orders; close it before the service stops.
    pub events: Events,
    store: Store,
    gateway: Gateway,
}

impl AppState {
    /// The state of one service.
    #[must_use]
    pub fn new(store: Store, gateway: GatewayUrl) -> Self {
        Self { events: Events::new(), store, gateway: Gateway::new(gateway) }
    }
}

/// The whole service.
pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/orders", post(orders::place).get(orders::list))
        .route("/orders/export", get(export::export))
        .route("/orders/events", get(watch::watch))
        .route("/orders/{id}", get(orders::read))
        .route("/orders/{id}/payments", post(payments::pay))
        .route("/payments/reconcile", post(payments::reconcile))
        .route("/goods-received", post(goods::receive))
        .route("/warehouses/{name}/utilization", get(warehouses::utilization))
        .route("/warehouses/{name}/forecast", get(warehouses::forecast))
        .route("/reports/daily", get(reports::daily))
        .fallback(async || Problem::NoSuchRoute)
        .method_not_allowed_fallback(async || Problem::NoSuchMethod)
        .with_state(state)
}
