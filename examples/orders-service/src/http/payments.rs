use axum::{extract::State, http::StatusCode};
use serde_json::{Value, json};

use super::{
    AppState,
    body::{Json, Name},
    error::Problem,
    reports::midnight,
};
use crate::domain::{
    id::now,
    payments::{NewPayment, Payment},
};

pub(super) async fn pay(
    State(state): State<AppState>,
    Name(order_id): Name,
    Json(payment): Json<NewPayment>,
) -> Result<(StatusCode, axum::Json<Payment>), Problem> {
    let now = now();
    let (order, paid) = state.store.pay(&order_id, &payment, now).await?;
    state.events.tell(&order, now);
    Ok((StatusCode::CREATED, axum::Json(paid)))
}

pub(super) async fn reconcile(State(state): State<AppState>) -> Result<axum::Json<Value>, Problem> {
    let settlements = state.store.settlements(midnight(now())).await?;
    state.gateway.reconcile(&settlements).await?;
    Ok(axum::Json(json!({"reconciled": settlements})))
}
