//! obs-axum.

use std::io;
use std::net::TcpListener;
use std::panic::AssertUnwindSafe;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::FutureExt as _;
use hyper_util::rt::TokioIo;
use obs_axum::{Endpoints, Failure, Observe as _, Observed, Serve as _};
use obs_stack::Obs;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::app::{self, DECLARED, LARGE, NoStock, OWN_ID, OrderError, TIMEOUT, TimedOut};

#[tokio::main(worker_threads = 2)]
pub(super) async fn serve(obs: Obs, listener: TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let app = routes(&obs).observe(&obs);
    obs.serve(listener, app).await
}

fn routes(obs: &Obs) -> Router {
    Router::new()
        .route("/plain", get(|| async { "plain" }))
        .route("/orders/{id}", get(|Path(id): Path<u32>| async move { format!("order {id}") }))
        .nest("/api", Router::new().nest("/v1", items()))
        .route("/guarded", get(|| async { "read" }).put(|| async { "written" }))
        .route("/submit", post(|| async { "submitted" }))
        .route("/numbers/{n}", get(|Path(n): Path<u32>| async move { n.to_string() }))
        .route("/json", post(|Json(number): Json<u32>| async move { number.to_string() }))
        .route("/status/{code}", get(status))
        .route("/fails", get(fails))
        .route("/behind-middleware", get(|| async { "never" }).layer(from_fn(refuse)))
        .route("/panics", get(|| async { app::out_of::<()>("paper") }))
        .route("/caught", get(|| async { app::out_of::<()>("toner") }).layer(from_fn(catch)))
        .route("/task-panics", get(app::task_panics))
        .route("/own-id", get(|| async { [("x-request-id", OWN_ID)] }))
        .route("/slow", get(app::slow))
        .route("/times-out", get(app::slow).layer(from_fn(timeout)))
        .route("/stream/ends", get(|| stream("ends")))
        .route("/stream/ends-early", get(ends_early))
        .route("/stream/fails", get(|| stream("fails")))
        .route("/stream/panics", get(|| stream("panics")))
        .route("/stream/stalls", get(|| stream("stalls")))
        .route("/events/end", get(|| events("end")))
        .route("/events/stall", get(|| events("stall")))
        .route("/large", get(|| async { vec![b'x'; LARGE] }))
        .route("/upload", post(|body: Bytes| async move { body.len().to_string() }))
        .route("/upgrade", get(upgrade))
        .route("/cart", get(app::cart))
        .route("/spawns", get(app::spawns))
        .route("/detaches", get(app::detaches))
        .route("/together/{n}", get(|Path(n): Path<String>| async move { app::together(&n).await }))
        .merge(twice(obs))
        .nest_service("/inner", inner(obs))
        .fallback(|| async { (StatusCode::NOT_FOUND, "nothing here") })
}

fn items() -> Router {
    Router::new()
        .route("/items/{id}", get(|Path(id): Path<u32>| async move { format!("item {id}") }))
}

/// Observed by itself, and once more with all the others.
fn twice(obs: &Obs) -> Router {
    let twice = Router::new().route("/twice", get(|| async { "once" }));
    twice.observe_with(obs, none()).into_router()
}

/// A service of its own, which the router around it cannot look into.
fn inner(obs: &Obs) -> Observed {
    let inner = get(|Path(id): Path<u32>| async move { format!("inner {id}") });
    Router::new().route("/{id}", inner).observe_with(obs, none())
}

fn none() -> Endpoints {
    let probes = Endpoints::new().without_live().without_ready().without_startup();
    probes.without_metrics().without_health()
}

async fn status(Path(code): Path<u16>) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::IM_A_TEAPOT)
}

async fn fails() -> obs_axum::Result<()> {
    Err(OrderError::from(NoStock).into())
}

async fn refuse(_: Request, _: Next) -> Response {
    Failure::new(StatusCode::SERVICE_UNAVAILABLE, &NoStock).into_response()
}

async fn timeout(request: Request, next: Next) -> Response {
    let response = tokio::time::timeout(TIMEOUT, next.run(request)).await;
    response
        .unwrap_or_else(|_| Failure::new(StatusCode::GATEWAY_TIMEOUT, &TimedOut).into_response())
}

/// As tower-http's `CatchPanicLayer` does it.
async fn catch(request: Request, next: Next) -> Response {
    let caught = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    caught.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn ends_early() -> Response {
    ([("content-length", DECLARED.to_string())], Body::from_stream(app::chunks("ends-early")))
        .into_response()
}

async fn stream(how: &str) -> Body {
    Body::from_stream(app::chunks(how))
}

async fn events(how: &str) -> Response {
    ([("content-type", "text/event-stream")], Body::from_stream(app::events(how))).into_response()
}

/// Leaves HTTP and gives back four bytes.
async fn upgrade(request: Request) -> Response {
    tokio::spawn(async move {
        let mut stream = TokioIo::new(hyper::upgrade::on(request).await.map_err(io::Error::other)?);
        let mut message = [0; 4];
        stream.read_exact(&mut message).await?;
        stream.write_all(&message).await
    });
    let headers = [("connection", "upgrade"), ("upgrade", "websocket")];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}
