//! One application with a route for every way to end.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http_body::Frame;
use http_body_util::StreamBody;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

pub(crate) fn app() -> Router {
    Router::new()
        .route("/ok", get(|| async { "hello" }))
        .route("/empty", get(|| async {}))
        .route("/status/{code}", get(status))
        .route("/with-body/{code}", get(with_body))
        .route("/fails", get(|| async { Err::<(), _>(Failure) }))
        .route("/panics", get(panics))
        .route("/panics-in-body", get(|| async { after_a_chunk(panicking()) }))
        .route("/sleeps", get(|| async { std::future::pending::<()>().await }))
        .route("/stalls", get(|| async { after_a_chunk(stream::pending()) }))
        .route("/body-fails", get(|| async { after_a_chunk(stream::iter([broken()])) }))
        .route("/streams", get(|| async { Body::from_stream(chunks()) }))
        .route("/streams-sized", get(streams_sized))
        .route("/stalls-sized", get(stalls_sized))
        .route("/ends-early", get(ends_early))
        .route("/ends-late", get(ends_late))
        .route("/not-modified", get(not_modified))
        .route("/uploads", post(|body: Bytes| async move { body }))
        .route("/events", get(events))
        .route("/events-stall", get(events_stall))
        .route("/trailers", get(trailers))
        .route("/upgrades", any(upgrades))
        .fallback(fallback)
}

async fn status(Path(code): Path<u16>) -> (StatusCode, &'static str) {
    (StatusCode::from_u16(code).unwrap(), "as you wish")
}

/// A body where the protocol allows none.
async fn with_body(Path(code): Path<u16>) -> Response {
    Response::builder().status(code).body(Body::from("never sent")).unwrap()
}

struct Failure;

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, "it failed").into_response()
    }
}

async fn panics() {
    panic!("on purpose");
}

type Chunk = io::Result<Bytes>;

fn chunk() -> Chunk {
    Ok(Bytes::from_static(b"chunk"))
}

fn broken() -> Chunk {
    Err(io::Error::other("on purpose"))
}

fn chunks() -> impl Stream<Item = Chunk> {
    stream::iter([chunk(), chunk(), chunk()])
}

fn panicking() -> impl Stream<Item = Chunk> {
    stream::poll_fn(|_| panic!("on purpose"))
}

fn after_a_chunk(rest: impl Stream<Item = Chunk> + Send + 'static) -> Body {
    Body::from_stream(stream::iter([chunk()]).chain(rest))
}

async fn streams_sized() -> Response {
    Response::builder().header("content-length", 15).body(Body::from_stream(chunks())).unwrap()
}

/// Declares more than its one chunk.
async fn stalls_sized() -> Response {
    let body = after_a_chunk(stream::pending());
    Response::builder().header("content-length", 15).body(body).unwrap()
}

/// Declares ten bytes and ends after five.
async fn ends_early() -> Response {
    let body = after_a_chunk(stream::empty());
    Response::builder().header("content-length", 10).body(body).unwrap()
}

/// Declares four bytes and has five: the server sends what was declared.
async fn ends_late() -> Response {
    let body = after_a_chunk(stream::empty());
    Response::builder().header("content-length", 4).body(body).unwrap()
}

/// Declares the length of a body that is not sent.
async fn not_modified() -> Response {
    let body = after_a_chunk(stream::empty());
    Response::builder().status(304).header("content-length", 10).body(body).unwrap()
}

async fn events() -> impl IntoResponse {
    Sse::new(stream::iter([Ok::<_, Infallible>(Event::default().data("one"))]))
}

async fn events_stall() -> impl IntoResponse {
    let one = stream::iter([Ok::<_, Infallible>(Event::default().data("one"))]);
    Sse::new(one.chain(stream::pending()))
}

async fn trailers() -> Body {
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", 0.into());
    let frames = [Frame::data(Bytes::from_static(b"message")), Frame::trailers(trailers)];
    Body::new(StreamBody::new(stream::iter(frames.map(Ok::<_, Infallible>))))
}

/// Leaves HTTP and echoes one message of four bytes.
async fn upgrades(request: Request) -> Response {
    echo_once(request);
    let upgrade = [("connection", "upgrade"), ("upgrade", "echo")];
    (StatusCode::SWITCHING_PROTOCOLS, upgrade).into_response()
}

async fn fallback(request: Request) -> StatusCode {
    if request.method() == "CONNECT" {
        echo_once(request);
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    }
}

fn echo_once(request: Request) {
    tokio::spawn(async move {
        let mut stream = TokioIo::new(hyper::upgrade::on(request).await.unwrap());
        let mut message = [0; 4];
        stream.read_exact(&mut message).await.unwrap();
        stream.write_all(&message).await.unwrap();
    });
}

/// A stream that never ends and says when it is dropped.
pub(crate) struct Stalled<D>(pub(crate) Option<Bytes>, pub(crate) D);

impl<D: Unpin> Stream for Stalled<D> {
    type Item = Chunk;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Chunk>> {
        self.0.take().map_or(Poll::Pending, |chunk| Poll::Ready(Some(Ok(chunk))))
    }
}
