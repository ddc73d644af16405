use std::time::Duration;

use axum::{Json, extract::State};
use jiff::Timestamp;
use tokio::time::sleep;

use super::{AppState, error::Problem};
use crate::{domain::id::now, store::DailyReport};

pub(super) async fn daily(State(state): State<AppState>) -> Result<Json<DailyReport>, Problem> {
    let report = state.store.daily_report(midnight(now())).await?;
    ask_remote_warehouse().await;
    Ok(Json(report))
}

/// Stands in for the API of a remote warehouse, which takes its time.
async fn ask_remote_warehouse() {
    sleep(Duration::from_millis(fastrand::u64(150..=900))).await;
}

/// The last midnight, UTC.
pub(super) fn midnight(now: Timestamp) -> Timestamp {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let today = now.as_millisecond().div_euclid(DAY) * DAY;
    Timestamp::from_millisecond(today).unwrap_or(now)
}
