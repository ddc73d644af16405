use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use obs_core::{Outcome, mutant};
use pin_project_lite::pin_project;

use crate::worker::{ActixExchange, Worker};

pin_project! {
    /// A response body whose end is the end of the exchange.
    pub struct ResponseBody<B> {
        #[pin]
        inner: Option<B>,
        exchange: ActixExchange,
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
    pub(crate) fn new(inner: B, exchange: ActixExchange, worker: Rc<Worker>) -> Self {
        Self { inner: Some(inner), exchange, _worker: worker }
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
        let Some(inner) = this.inner.as_pin_mut() else {
            return Poll::Ready(None);
        };
        let polled = if mutant::is("body-polled-out-of-scope") {
            inner.poll_next(cx)
        } else {
            this.exchange.in_scope(|| inner.poll_next(cx))
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
