use std::convert::Infallible;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_service::Service;

use super::headers::RequestHeaders;
use super::{RequestFacts, ResponseBody, ResponseFuture};
use crate::{Exchange, Lifecycle, Observer, Panics};

/// Observes every request that goes to `inner`.
///
/// The service must be infallible: an error without a response has no status to report.
pub struct Observe<S, O, F> {
    inner: S,
    lifecycle: Arc<Lifecycle<O>>,
    facts: PhantomData<fn() -> F>,
}

impl<S, O, F> Observe<S, O, F> {
    pub(super) fn new(inner: S, lifecycle: Arc<Lifecycle<O>>) -> Self {
        Self { inner, lifecycle, facts: PhantomData }
    }
}

impl<S, O, F, ReqBody, ResBody> Service<Request<ReqBody>> for Observe<S, O, F>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>, Error = Infallible>,
    ResBody: http_body::Body,
    O: Observer,
    F: RequestFacts,
{
    type Response = Response<ResponseBody<ResBody, O, F>>;
    type Error = Infallible;
    type Future = ResponseFuture<S::Future, O, F>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        let (facts, headers) = (F::of(&request), RequestHeaders::of::<F, _>(&request));
        let mut exchange = Exchange::begin(Arc::clone(&self.lifecycle), facts, &headers);
        if let Some(id) = exchange.id_for_request() {
            request.headers_mut().insert(self.lifecycle.id_header.clone(), id);
        }
        let version = request.version();
        let inner = if F::CALLED_IN_POLL {
            Some(self.inner.call(request))
        } else {
            let call = || exchange.in_scope(|| self.inner.call(request));
            match catch_unwind(AssertUnwindSafe(call)) {
                Ok(inner) => Some(inner),
                Err(panic) if self.lifecycle.panics() == Panics::Resume => resume_unwind(panic),
                Err(_) => None,
            }
        };
        ResponseFuture::new(inner, exchange, version)
    }
}

impl<S: Clone, O, F> Clone for Observe<S, O, F> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            lifecycle: Arc::clone(&self.lifecycle),
            facts: PhantomData,
        }
    }
}

impl<S: std::fmt::Debug, O, F> std::fmt::Debug for Observe<S, O, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Observe").field("inner", &self.inner).finish_non_exhaustive()
    }
}
