//! The same service four times.

pub(crate) mod actix;
pub(crate) mod axum;

use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::time::Duration;

use obs_axum::metrics::{Naming, Preset};
use obs_axum::{Obs, Settings, Setup};
use tokio::time::sleep;

/// In the midst of a wide bucket, so that a busy machine does not move a request into another.
const FAST: Duration = Duration::from_millis(140);
const SLOW: Duration = Duration::from_millis(340);
/// Long enough for several scrapes.
const HELD: Duration = Duration::from_secs(5);

/// Where both are.
pub(crate) struct Pair {
    pub(crate) peer: SocketAddr,
    pub(crate) ours: SocketAddr,
}

fn obs(naming: Naming) -> Obs {
    let change = |settings: &mut Settings| settings.metrics.naming = naming;
    Setup::new(Settings::default()).with_settings(change).build()
}

async fn fast() {
    sleep(FAST).await;
}

async fn slow() {
    sleep(SLOW).await;
}

async fn held() {
    sleep(HELD).await;
}

/// The status of an order's page.
async fn order(id: u32) -> u16 {
    fast().await;
    if id == 0 { 404 } else { 200 }
}

/// Without a word on standard error.
async fn panics() {
    fast().await;
    resume_unwind(Box::new("on purpose"));
}
