use std::pin::Pin;
use std::task::{Context, Poll, ready};

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

type Polled<B> = Option<Result<Frame<<B as Body>::Data>, <B as Body>::Error>>;

/// Polls a body that is there, and drops it once it is over: a body that is polled after its end may
/// panic. Says whether it is over.
#[inline]
fn poll_fused<B: Body>(
    mut body: Pin<&mut Option<B>>,
    cx: &mut Context<'_>,
) -> Poll<(Polled<B>, bool)> {
    let Some(inner) = body.as_mut().as_pin_mut() else { return Poll::Ready((None, true)) };
    let frame = ready!(inner.poll_frame(cx));
    let over = match &frame {
        // A server polls no more after trailers, nor once the body says that it is over.
        Some(Ok(frame)) => {
            !frame.is_data() || body.as_ref().get_ref().as_ref().is_none_or(Body::is_end_stream)
        }
        Some(Err(_)) | None => true,
    };
    if over {
        body.set(None);
    }
    Poll::Ready((frame, over))
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
        let polled = if mutant::is("body-polled-out-of-scope") {
            poll_fused(inner, cx)
        } else {
            this.exchange.in_scope(|| poll_fused(inner, cx))
        };
        let (frame, over) = ready!(polled);
        match &frame {
            Some(Ok(frame)) => {
                this.exchange.bytes(frame.data_ref().map_or(0, |data| data.remaining()));
                if let Some(trailers) = frame.trailers_ref() {
                    this.exchange.trailers(trailers);
                }
                if over {
                    this.exchange.finish(Outcome::Complete);
                }
            }
            Some(Err(_)) => this.exchange.finish(Outcome::BodyError),
            None => this.exchange.finish(Outcome::Complete),
        }
        Poll::Ready(frame)
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
