use axum::{extract::State, http::StatusCode};
use serde::Deserialize;

use super::{
    AppState,
    body::{Json, Name, Query},
    error::Problem,
};
use crate::domain::{
    Refusal,
    id::now,
    orders::{NewOrder, Order, OrderWithLines},
    refusal::check_range,
};

#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(default = "usual_limit")]
    limit: i64,
}

fn usual_limit() -> i64 {
    20
}

pub(super) async fn place(
    State(state): State<AppState>,
    Json(order): Json<NewOrder>,
) -> Result<(StatusCode, axum::Json<OrderWithLines>), Problem> {
    let now = now();
    let placed = order.place(now)?;
    obs_axum::add("order.lines", placed.lines.len());
    state.store.add_order(&placed).await?;
    state.events.tell(&placed.order, now);
    Ok((StatusCode::CREATED, axum::Json(placed)))
}

pub(super) async fn list(
    State(state): State<AppState>,
    Query(page): Query<Page>,
) -> Result<axum::Json<Vec<Order>>, Problem> {
    check_range("limit", page.limit, 1, 100)?;
    Ok(axum::Json(state.store.newest_orders(page.limit).await?))
}

pub(super) async fn read(
    State(state): State<AppState>,
    Name(id): Name,
) -> Result<axum::Json<OrderWithLines>, Problem> {
    let order = state.store.order(&id).await?;
    Ok(axum::Json(order.ok_or(Refusal::UnknownOrder(id))?))
}
