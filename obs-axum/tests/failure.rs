//! What `?` takes in a handler.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

use std::error::Error;
use std::io;

use anyhow::Context as _;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use obs_axum::{Context, ErrorRecord, Failure, Observe as _, Setup};
use tower::ServiceExt as _;

fn disk() -> io::Result<()> {
    Err(io::Error::other("disk full"))
}

async fn plain() -> obs_axum::Result<()> {
    Ok(disk()?)
}

async fn boxed() -> obs_axum::Result<()> {
    let error: Box<dyn Error + Send + Sync> = Box::new(disk().unwrap_err());
    Err(error)?
}

async fn anyhow() -> obs_axum::Result<()> {
    Ok(disk().context("cannot write the order").context("cannot place it")?)
}

async fn eyre() -> obs_axum::Result<()> {
    use eyre::WrapErr as _;
    Ok(disk().wrap_err("cannot write the order")?)
}

async fn with_status() -> obs_axum::Result<()> {
    let error = disk().context("the warehouse does not answer").unwrap_err();
    Err(Failure::from(error).with_status(StatusCode::BAD_GATEWAY))
}

/// What the client gets, and what the request knows.
async fn answer(path: &str) -> (StatusCode, ErrorRecord) {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(None));
    let keep = std::sync::Arc::clone(&seen);
    let see = axum::middleware::from_fn(
        move |Context(context): Context, request, next: axum::middleware::Next| {
            let keep = std::sync::Arc::clone(&keep);
            async move {
                let response: Response = next.run(request).await;
                *keep.lock().unwrap() = context.error();
                response.into_response()
            }
        },
    );
    let app = Router::new()
        .route("/plain", get(plain))
        .route("/boxed", get(boxed))
        .route("/anyhow", get(anyhow))
        .route("/eyre", get(eyre))
        .route("/with-status", get(with_status))
        .layer(see)
        .observe(&Setup::new(Default::default()).build());
    let request = axum::extract::Request::get(path).body(Default::default()).unwrap();
    let status = app.oneshot(request).await.unwrap().status();
    let error = seen.lock().unwrap().take();
    (status, error.unwrap())
}

#[tokio::test]
async fn the_whole_chain_is_kept_whatever_carries_it() {
    for (path, status, kind, chain) in [
        ("/plain", 500, "std::io::error::Error", &["disk full"][..]),
        ("/boxed", 500, "Box<dyn", &["disk full"]),
        (
            "/anyhow",
            500,
            "anyhow::Error",
            &["cannot place it", "cannot write the order", "disk full"],
        ),
        ("/eyre", 500, "eyre::Report", &["cannot write the order", "disk full"]),
        ("/with-status", 502, "anyhow::Error", &["the warehouse does not answer", "disk full"]),
    ] {
        let (sent, error) = answer(path).await;
        assert_eq!(
            (sent.as_u16(), &*error.chain),
            (status, &*chain.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()),
            "{path}"
        );
        assert!(error.kind.contains(kind), "{path}: {}", error.kind);
    }
}
