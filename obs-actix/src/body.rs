use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use obs_core::{Outcome, UpgradedConnection, mutant};
use pin_project_lite::pin_project;

use crate::worker::{ActixExchange, Worker};

pin_project! {
    /// A response body whose end is the end of the exchange. Polled after its end, it is over again.
    pub struct ResponseBody<B> {
        #[pin]
        inner: Option<B>,
        exchange: ActixExchange,
        // A connection that left HTTP is the body of its response.
        connection: Option<UpgradedConnection>,
        // Dropped last: it keeps the shutdown from going on without the end of this exchange.
        _worker: Rc<Worker>,
    }

    impl<B> PinnedDrop for ResponseBody<B> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            // What a cancelled stream does in its destructors still belongs to the request.
            this.exchange.in_scope(|| this.inner.set(None));
        }
    }
}

impl<B> ResponseBody<B> {
    pub(crate) fn new(
        inner: B,
        exchange: ActixExchange,
        connection: Option<UpgradedConnection>,
        worker: Rc<Worker>,
    ) -> Self {
        Self { inner: Some(inner), exchange, connection, _worker: worker }
    }
}

/// `try_into_bytes` stays refused: taking the bytes out would end the exchange before they are sent.
impl<B: MessageBody> MessageBody for ResponseBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.inner.as_ref().map_or(BodySize::None, MessageBody::size)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, B::Error>>> {
        let this = self.project();
        let inner = this.inner;
        let polled = if mutant::is("body-polled-out-of-scope") {
            poll_fused(inner, cx)
        } else {
            this.exchange.in_scope(|| poll_fused(inner, cx))
        };
        match &polled {
            Poll::Pending => {}
            Poll::Ready(Some(Ok(data))) => this.exchange.bytes(data.len()),
            Poll::Ready(Some(Err(_))) => this.exchange.finish(Outcome::BodyError),
            Poll::Ready(None) => this.exchange.finish(Outcome::Complete),
        }
        polled
    }
}

/// Polls the body, if it is still there, and drops it once it is over: a body that is polled after its
/// end may panic.
#[inline]
fn poll_fused<B: MessageBody>(
    mut body: Pin<&mut Option<B>>,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Bytes, B::Error>>> {
    let Some(inner) = body.as_mut().as_pin_mut() else { return Poll::Ready(None) };
    let polled = inner.poll_next(cx);
    if matches!(polled, Poll::Ready(Some(Err(_)) | None)) {
        body.set(None);
    }
    polled
}
