//! The service: this test binary once more.

use std::env;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use obs_axum::{Check, Obs, Observe as _, Result, Serve as _};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Barrier;

use crate::harness::{Process, is_the_service, listen};
use crate::secrets;

/// On which runtime it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavor {
    Multi,
    CurrentThread,
    OneWorker,
}

pub(crate) const FLAVORS: [Flavor; 3] = [Flavor::Multi, Flavor::CurrentThread, Flavor::OneWorker];

const FLAVOR: &str = "TEST_RUNTIME";
/// So many requests wait for each other, so that they are all under way at once.
const TOGETHER: &str = "TEST_TOGETHER";

/// The test below.
const SERVICE: &str = "app::service";

/// A service with these variables, and others that make it quick.
pub(crate) async fn start(
    flavor: Flavor,
    together: usize,
    variables: &[(&str, String)],
) -> Process {
    let process = Process::start(SERVICE, &with_defaults(flavor, together, variables));
    process.answers().await;
    process
}

/// The same, and nobody reads its log.
pub(crate) async fn start_unread(flavor: Flavor, variables: &[(&str, String)]) -> Process {
    let process = Process::start_unread(SERVICE, &with_defaults(flavor, 1, variables));
    process.answers().await;
    process
}

fn with_defaults<'a>(
    flavor: Flavor,
    together: usize,
    variables: &[(&'a str, String)],
) -> Vec<(&'a str, String)> {
    let mut all = vec![
        (FLAVOR, format!("{flavor:?}")),
        (TOGETHER, together.to_string()),
        ("OTEL_SERVICE_NAME", "shop".to_owned()),
        ("OBS_TRACE_ID_ECHO", "traceresponse".to_owned()),
        ("OBS_SHUTDOWN_DELAY_MS", "0".to_owned()),
        ("OBS_EXPORT_INTERVAL_MS", "50".to_owned()),
        ("OBS_ERRORS_MAX_PER_SECOND", "1000".to_owned()),
    ];
    all.extend_from_slice(variables);
    all
}

#[test]
#[ignore = "run by the others, as a process"]
fn service() {
    if is_the_service() {
        runtime().block_on(serve());
        // As a `main` ends. The harness would print, maybe into a pipe that nobody reads.
        std::process::exit(0);
    }
}

fn runtime() -> Runtime {
    let flavor = env::var(FLAVOR).unwrap();
    let known = FLAVORS.into_iter().find(|known| format!("{known:?}") == flavor);
    let mut builder = match known.unwrap() {
        Flavor::CurrentThread => Builder::new_current_thread(),
        Flavor::OneWorker | Flavor::Multi => Builder::new_multi_thread(),
    };
    if known == Some(Flavor::OneWorker) {
        builder.worker_threads(1);
    }
    builder.enable_all().build().unwrap()
}

async fn serve() {
    let obs = Obs::from_env().unwrap().install().unwrap();
    let together = env::var(TOGETHER).unwrap().parse().unwrap();
    obs.add_check(Check::new("cache", secrets::check).optional());
    let app = Router::new()
        .route("/orders/{number}", get(order))
        .with_state(Arc::new(Barrier::new(together)))
        .route("/secrets/{case}/{how}", get(secrets::handler))
        .route("/forever", get(|| async { std::future::pending::<()>().await }))
        .observe(&obs);
    obs.serve(listen().await, app).await.unwrap();
}

#[derive(Debug, thiserror::Error)]
#[error("cannot load order {number}")]
struct NotLoaded {
    number: u64,
    source: io::Error,
}

async fn order(Path(number): Path<u64>, State(all): State<Arc<Barrier>>) -> Result<String> {
    all.wait().await;
    load(number).await?;
    obs_axum::add("order.loaded", true);
    Ok(format!("order {number}"))
}

/// Of ten orders the first fails, and the sixth panics.
#[tracing::instrument]
async fn load(order: u64) -> Result<(), NotLoaded> {
    tokio::task::yield_now().await;
    tracing::info!("loading");
    tokio::task::yield_now().await;
    match order % 10 {
        0 => {
            let source = io::Error::other(format!("shelf {order} is empty"));
            Err(NotLoaded { number: order, source })
        }
        5 => panic!("order {order} is cursed"),
        _ => Ok(()),
    }
}
