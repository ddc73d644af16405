use std::future::{Ready, ready};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use obs_core::{Lifecycle, Panics};
use obs_stack::Stack;

use crate::worker::Worker;
use crate::{ResponseBody, ResponseFuture};

/// Observes every request of an `App`: [`Observe::middleware`](crate::Observe::middleware) makes it.
#[derive(Clone, Debug)]
pub struct Middleware(Arc<Lifecycle<Stack>>);

impl Middleware {
    /// A middleware that reports to the signals of `lifecycle`.
    #[must_use]
    pub fn new(lifecycle: Arc<Lifecycle<Stack>>) -> Self {
        Self(lifecycle)
    }
}

impl<S, B> Transform<S, ServiceRequest> for Middleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<ResponseBody<B>>;
    type Error = Error;
    type Transform = Observed<S>;
    type InitError = ();
    type Future = Ready<Result<Observed<S>, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(Observed { inner, worker: Rc::new(Worker::new(Arc::clone(&self.0))) }))
    }
}

/// The service that [`Middleware`] makes, one per worker.
pub struct Observed<S> {
    inner: S,
    worker: Rc<Worker>,
}

impl<S, B> Service<ServiceRequest> for Observed<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<ResponseBody<B>>;
    type Error = Error;
    type Future = ResponseFuture<S::Future>;

    forward_ready!(inner);

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let mut exchange = self.worker.begin(&mut request);
        let call = || exchange.in_scope(|| self.inner.call(request));
        let inner = match catch_unwind(AssertUnwindSafe(call)) {
            Ok(inner) => Some(inner),
            // An endpoint is not observed, nor is a request that a layer further out observes.
            Err(panic) if exchange.lifecycle().is_none_or(|l| l.panics() == Panics::Resume) => {
                self.worker.guess_route(&mut exchange);
                resume_unwind(panic)
            }
            Err(_) => None,
        };
        ResponseFuture::new(inner, exchange, Rc::clone(&self.worker))
    }
}
