//! The libraries below log through `tracing`. What they say while exporting must not be exported.

use std::future::Future;

use hyper::rt::Executor;
use tracing::Dispatch;
use tracing::instrument::{WithDispatch, WithSubscriber};

/// `future`, unheard by the application's log and spans.
pub(crate) fn quiet<F: Future>(future: F) -> WithDispatch<F> {
    // Unlike a subscriber of our own, `none` is not registered, so no callsite becomes slower.
    future.with_subscriber(Dispatch::none())
}

/// Drives the connections, unheard as well.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QuietExecutor;

impl<F> Executor<F> for QuietExecutor
where
    F: Future<Output: Send> + Send + 'static,
{
    fn execute(&self, future: F) {
        tokio::spawn(quiet(future));
    }
}
