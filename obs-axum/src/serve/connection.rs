//! One connection, which ends with its server: `axum::serve` would leave it to the runtime, and the
//! requests that are open at the end with it.

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll};

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use http::Request;
use hyper::rt;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use obs_core::Hold;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tower_service::Service;

/// Serves `io`, as `axum::serve` does, until the client leaves. `draining` turns `true` when it is to
/// end with the requests it has begun; when its sender is dropped, the connection is cut off.
pub(super) async fn serve<I, S, B>(
    io: I,
    service: S,
    mut draining: watch::Receiver<bool>,
    hold: Hold,
) where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let mut builder = Builder::new(Executor(hold.clone()));
    // Websockets over HTTP/2.
    builder.http2().enable_connect_protocol();
    let service = TowerToHyperService::new(OfIncoming(service));
    // Dropped before `hold` is, and the open requests with it.
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(io), service));
    loop {
        tokio::select! {
            // What went wrong is the client's affair, and shows in the outcome of its requests.
            _ = connection.as_mut() => return,
            changed = draining.changed() => match changed {
                Ok(()) => connection.as_mut().graceful_shutdown(),
                Err(_) => return,
            },
        }
    }
}

/// Runs each request of an HTTP/2 connection in a task of its own, which ends soon after its
/// connection.
#[derive(Clone)]
struct Executor(Hold);

impl<F> rt::Executor<F> for Executor
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, future: F) {
        let hold = self.0.clone();
        tokio::spawn(async move {
            future.await;
            drop(hold);
        });
    }
}

/// A service of axum's for requests of hyper's.
#[derive(Clone)]
struct OfIncoming<S>(S);

impl<S, B> Service<Request<B>> for OfIncoming<S>
where
    S: Service<Request<Body>>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request<B>) -> S::Future {
        self.0.call(request.map(Body::new))
    }
}
