use axum::{Json, extract::State};
use jiff::SignedDuration;

use super::{AppState, body::Name, error::Problem};
use crate::domain::{
    id::now,
    warehouse::{Forecast, Utilization, WINDOW_DAYS, Warehouse},
};

pub(super) async fn utilization(
    State(state): State<AppState>,
    Name(name): Name,
) -> Result<Json<Utilization>, Problem> {
    Ok(Json(find(&state, name).await?.utilization()))
}

pub(super) async fn forecast(
    State(state): State<AppState>,
    Name(name): Name,
) -> Result<Json<Forecast>, Problem> {
    let warehouse = find(&state, name).await?;
    let since = now() - SignedDuration::from_hours(24 * WINDOW_DAYS);
    let received = state.store.received_since(&warehouse.name, since).await?;
    Ok(Json(warehouse.forecast(received)))
}

async fn find(state: &AppState, name: String) -> Result<Warehouse, Problem> {
    let warehouse = state.store.warehouse(&name).await?;
    warehouse.ok_or(Problem::NoSuchWarehouse(name))
}
