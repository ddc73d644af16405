use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Buf as _;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::{Exchange, Facts, Observer, Outcome, mutant};

pin_project! {
    /// A response body whose end is the end of the exchange.
    pub struct ResponseBody<B, O: Observer, F: Facts> {
        #[pin]
        inner: Option<B>,
        exchange: Exchange<O, F>,
    }

    impl<B, O: Observer, F: Facts> PinnedDrop for ResponseBody<B, O, F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            // What a cancelled stream does in its destructors still belongs to the request.
            this.exchange.in_scope(|| this.inner.set(None));
        }
    }
}

impl<B, O: Observer, F: Facts> ResponseBody<B, O, F> {
    pub(super) fn new(inner: B, exchange: Exchange<O, F>) -> Self {
        Self { inner: Some(inner), exchange }
    }

    pub(super) fn empty() -> Self {
        Self { inner: None, exchange: Exchange::ended() }
    }
}

impl<B: Body, O: Observer, F: Facts> Body for ResponseBody<B, O, F> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let Some(inner) = this.inner.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let polled = if mutant::is("body-polled-out-of-scope") {
            inner.poll_frame(cx)
        } else {
            this.exchange.in_scope(|| inner.poll_frame(cx))
        };
        match &polled {
            Poll::Pending => {}
            Poll::Ready(Some(Ok(frame))) => {
                let data = frame.data_ref();
                this.exchange.bytes(data.map_or(0, |data| data.remaining()));
                if let Some(trailers) = frame.trailers_ref() {
                    this.exchange.trailers(trailers);
                }
                // A server polls no more after trailers, nor once the stream says that it is over.
                let over = this.inner.as_ref().get_ref().as_ref().is_none_or(Body::is_end_stream);
                if data.is_none() || over {
                    this.exchange.finish(Outcome::Complete);
                }
            }
            Poll::Ready(Some(Err(_))) => this.exchange.finish(Outcome::BodyError),
            Poll::Ready(None) => this.exchange.finish(Outcome::Complete),
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl<B, O: Observer, F: Facts> std::fmt::Debug for ResponseBody<B, O, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ResponseBody").field(&self.exchange).finish()
    }
}
