use axum::{extract::State, http::StatusCode};

use super::{AppState, body::Json, error::Problem};
use crate::domain::{
    goods::{Delivery, GoodsReceived},
    id::now,
};

pub(super) async fn receive(
    State(state): State<AppState>,
    Json(delivery): Json<Delivery>,
) -> Result<(StatusCode, axum::Json<GoodsReceived>), Problem> {
    let goods = delivery.receive(now())?;
    state.store.receive(&goods).await?;
    Ok((StatusCode::CREATED, axum::Json(goods)))
}
