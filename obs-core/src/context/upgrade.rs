//! Connections that left HTTP, such as websockets: counted for as long as they are open.

use std::pin::Pin;
use std::sync::Weak;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tracing::Span;

use super::{Home, InContext, RequestContext, task};

/// An open connection that left HTTP: one of the gauge `http_upgraded_connections` until it is dropped.
pub struct UpgradedConnection(Weak<dyn Home>);

impl UpgradedConnection {
    pub(super) fn new(home: &Weak<dyn Home>) -> Self {
        if let Some(home) = home.upgrade() {
            home.upgraded_connections().fetch_add(1, Ordering::Relaxed);
        }
        Self(Weak::clone(home))
    }
}

impl Drop for UpgradedConnection {
    fn drop(&mut self) {
        // Where it was counted: an allocation that is gone is never another one while a `Weak` holds it.
        if let Some(home) = self.0.upgrade() {
            home.upgraded_connections().fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl std::fmt::Debug for UpgradedConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UpgradedConnection")
    }
}

pin_project! {
    /// The future of a connection that left HTTP. [`upgraded`] makes it.
    #[derive(Debug)]
    pub struct Upgraded<F> {
        #[pin]
        inner: InContext<F>,
        connection: Option<UpgradedConnection>,
    }
}

impl<F: Future> Future for Upgraded<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().inner.poll(cx)
    }
}

/// Wraps the callback of an upgrade, such as that of a websocket. Call it in the handler, while the request
/// runs: `socket.on_upgrade(upgraded(callback))`.
///
/// What the callback does has the context of the request: its lines have the request's ids, and its panic is
/// reported as by [`in_context`](crate::in_context). While its future exists, the connection is one of the
/// gauge `http_upgraded_connections`. The request itself ends with its headers, as any upgrade.
pub fn upgraded<T, F, Fut>(callback: F) -> impl FnOnce(T) -> Upgraded<Fut>
where
    F: FnOnce(T) -> Fut,
    Fut: Future,
{
    let (mut context, span) = (RequestContext::current(), Span::current());
    move |connection| {
        let open = context.as_ref().map(RequestContext::upgraded_connection);
        let inner = task::run(&mut context, || callback(connection));
        Upgraded { inner: InContext::with(inner, context, span), connection: open }
    }
}
