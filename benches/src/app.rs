//! The application of axum's rows: 20 routes, one of them asked.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::Uri;
use axum::routing::get;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use tower_service::Service as _;

use crate::Drive;

/// The routes besides `/items/{id}`.
pub(crate) const PATHS: [&str; 19] = [
    "/",
    "/orders",
    "/orders/{id}",
    "/orders/{id}/lines",
    "/orders/{id}/payments",
    "/customers",
    "/customers/{id}",
    "/customers/{id}/orders",
    "/products",
    "/products/{id}",
    "/carts",
    "/carts/{id}",
    "/payments",
    "/payments/{id}",
    "/warehouses",
    "/warehouses/{id}",
    "/reports/daily",
    "/reports/monthly",
    "/search",
];

pub(crate) fn router() -> Router {
    let router = Router::new().route("/items/{id}", get(item));
    PATHS.into_iter().fold(router, |router, path| router.route(path, get(|| async { "ok" })))
}

/// Sends so many requests, one after the other, each to the end of its body: as `axum::serve` does.
pub(crate) fn driven(mut router: Router) -> Drive {
    let buffer = read_buffer();
    Box::new(move |runtime, count| {
        runtime.block_on(async {
            for _ in 0..count {
                let Ok(response) = router.call(request(&buffer)).await;
                let _ = response.into_body().collect().await;
            }
        });
    })
}

/// What hyper has read: frozen, so that slices share it.
fn read_buffer() -> Bytes {
    BytesMut::from("GET /items/12345 HTTP/1.1\r\n").freeze()
}

async fn item(Path(id): Path<u64>) -> String {
    format!("item {id}")
}

/// A request as hyper hands it over: its target is a slice of the shared read buffer.
#[inline(never)]
#[allow(clippy::expect_used, reason = "a bench")]
fn request(buffer: &Bytes) -> Request {
    Request::builder()
        .uri(Uri::from_maybe_shared(buffer.slice(4..16)).expect("a target"))
        .header("host", "shop.example")
        .header("user-agent", "bench/1.0")
        .header("accept", "*/*")
        .header("accept-encoding", "gzip")
        .body(Body::empty())
        .expect("a request")
}
