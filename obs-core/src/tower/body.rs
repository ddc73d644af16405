use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Buf as _;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::{Exchange, Facts, Observer, Outcome, mutant};

pin_project! {
    /// A response body whose end is the end of the exchange. Polled after its end, it is over again.
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

type Polled<B> = Poll<Option<Result<Frame<<B as Body>::Data>, <B as Body>::Error>>>;

/// Polls a body that is there, and drops it once it is over: a body that is polled after its end may
/// panic. Sets `over` then. A frame is not moved on its way, so it is returned by itself.
#[inline]
fn poll_fused<B: Body>(
    mut body: Pin<&mut Option<B>>,
    cx: &mut Context<'_>,
    over: &mut bool,
) -> Polled<B> {
    let polled = match body.as_mut().as_pin_mut() {
        Some(inner) => inner.poll_frame(cx),
        None => Poll::Ready(None),
    };
    *over = match &polled {
        Poll::Pending => false,
        // A server polls no more after trailers, nor once the body says that it is over.
        Poll::Ready(Some(Ok(frame))) => {
            !frame.is_data() || body.as_ref().get_ref().as_ref().is_none_or(Body::is_end_stream)
        }
        Poll::Ready(Some(Err(_)) | None) => true,
    };
    if *over {
        body.set(None);
    }
    polled
}

impl<B: Body, O: Observer, F: Facts> Body for ResponseBody<B, O, F> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let inner = this.inner;
        if inner.is_none() {
            return Poll::Ready(None);
        }
        let mut over = false;
        let polled = if mutant::is("body-polled-out-of-scope") {
            poll_fused(inner, cx, &mut over)
        } else {
            this.exchange.in_scope(|| poll_fused(inner, cx, &mut over))
        };
        match &polled {
            Poll::Pending => {}
            Poll::Ready(Some(Ok(frame))) => {
                this.exchange.bytes(frame.data_ref().map_or(0, |data| data.remaining()));
                if let Some(trailers) = frame.trailers_ref() {
                    this.exchange.trailers(trailers);
                }
                if over {
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
