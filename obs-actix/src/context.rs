use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::error::ErrorInternalServerError;
use actix_web::rt::task::JoinHandle;
use actix_web::{Error, FromRequest, HttpRequest};
use obs_core::{RequestContext, in_context};

/// The [`RequestContext`] as an argument of a handler. A request that is not observed has none, and
/// gets a 500.
///
/// ```
/// use obs_actix::Context;
///
/// async fn order(Context(context): Context) -> String {
///     context.add("shop", 7);
///     context.request_id().to_string()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Context(pub RequestContext);

impl FromRequest for Context {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        let context = RequestContext::current().map(Self);
        ready(context.ok_or_else(|| ErrorInternalServerError("this request is not observed")))
    }
}

/// `actix_web::rt::spawn` that keeps the request's context and the current span.
///
/// The task may outlive the request; its log lines still carry the request's ids. It need not be
/// `Send`: it stays on this worker.
///
/// # Panics
/// Outside of an actix runtime, like `actix_web::rt::spawn`.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    actix_web::rt::spawn(in_context(future))
}
