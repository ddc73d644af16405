use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum::response::Response;
use axum::routing::future::RouteFuture;
use axum::serve::{IncomingStream, Listener};
use axum::{Router, ServiceExt};
use tower_service::Service;

use crate::serve::Incoming;

/// A router that is observed, with its endpoints: give it to [`Serve::serve`](crate::Serve::serve)
/// or to `axum::serve`. Behind the latter, call [`Obs::finish`](obs_stack::Obs::finish) at the end: it
/// delivers what is still held.
///
/// Its state is resolved once; `axum::serve` resolves a `Router` again for every connection.
#[derive(Clone, Debug)]
pub struct Observed(Router);

impl Observed {
    pub(crate) fn new(router: Router) -> Self {
        Self(router.with_state(()))
    }

    /// The router inside. What is added to it from here on is **not observed**.
    pub fn into_router(self) -> Router {
        self.0
    }

    /// A make-service that tells handlers who is connected (`ConnectInfo<C>`), for
    /// [`Serve::serve`](crate::Serve::serve) and for `axum::serve`.
    #[must_use]
    pub fn into_make_service_with_connect_info<C>(self) -> IntoMakeServiceWithConnectInfo<Self, C> {
        ServiceExt::<Request>::into_make_service_with_connect_info(self)
    }
}

impl Service<Request> for Observed {
    type Response = Response;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    #[inline]
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    #[inline]
    fn call(&mut self, request: Request) -> Self::Future {
        self.0.call(request)
    }
}

impl<L: Listener> Service<Incoming<'_, L>> for Observed {
    type Response = Self;
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Incoming<'_, L>) -> Self::Future {
        ready(Ok(self.clone()))
    }
}

/// For `axum::serve`.
impl<L: Listener> Service<IncomingStream<'_, L>> for Observed {
    type Response = Self;
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: IncomingStream<'_, L>) -> Self::Future {
        ready(Ok(self.clone()))
    }
}
