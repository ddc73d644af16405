use std::convert::Infallible;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, Version};
use http_body::Body;
use pin_project_lite::pin_project;

use super::ResponseBody;
use super::http_types::put;
use crate::{
    Exchange, Facts, Observer, Outcome, Panics, RequestId, ResponseHeader, UUID_TEXT, mutant,
};

pin_project! {
    /// The response to come. Dropped before it is ready, the client has left.
    pub struct ResponseFuture<Fut, O: Observer, F: Facts> {
        #[pin]
        inner: Option<Fut>,
        exchange: Exchange<O, F>,
        version: Version,
    }

    impl<Fut, O: Observer, F: Facts> PinnedDrop for ResponseFuture<Fut, O, F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            // What a cancelled handler does in its destructors still belongs to the request.
            if !mutant::is("cancelled-handler-dropped-out-of-scope") {
                this.exchange.in_scope(|| this.inner.set(None));
            }
        }
    }
}

impl<Fut, O: Observer, F: Facts> ResponseFuture<Fut, O, F> {
    /// Without `inner` the call panicked.
    pub(super) fn new(inner: Option<Fut>, exchange: Exchange<O, F>, version: Version) -> Self {
        Self { inner, exchange, version }
    }
}

impl<Fut, O, F, B> Future for ResponseFuture<Fut, O, F>
where
    Fut: Future<Output = Result<Response<B>, Infallible>>,
    O: Observer,
    F: Facts,
    B: Body,
{
    type Output = Result<Response<ResponseBody<B, O, F>>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let exchange = this.exchange;
        let Some(inner) = this.inner.as_mut().as_pin_mut() else {
            // The call itself panicked; a future that is over has no exchange any more.
            let answer = exchange.panic_response(*this.version);
            return answer.map_or(Poll::Pending, |response| Poll::Ready(Ok(response)));
        };

        let polled = catch_unwind(AssertUnwindSafe(|| exchange.in_scope(|| inner.poll(cx))));
        let Ok(response) = match polled {
            Ok(poll) => ready!(poll),
            Err(panic) => {
                this.inner.set(None);
                match exchange.panic_response(*this.version) {
                    Some(response) => return Poll::Ready(Ok(response)),
                    None => resume_unwind(panic),
                }
            }
        };

        let (mut parts, body) = response.into_parts();
        exchange.add_headers(parts.status, &mut parts.headers, *this.version);
        let (status, length) = (parts.status.as_u16(), body.size_hint().exact());
        exchange.response(status, body.is_end_stream(), length, &parts.headers);
        let exchange = mem::replace(exchange, Exchange::ended());
        Poll::Ready(Ok(Response::from_parts(parts, ResponseBody::new(body, exchange))))
    }
}

/// The header value of an id. `None` only for an id that is not acceptable, which does not exist.
#[inline]
fn id_value(id: &RequestId) -> Option<HeaderValue> {
    HeaderValue::from_bytes(id.encode_bytes(&mut [0; UUID_TEXT])).ok()
}

/// The same for two headers: a clone is a reference count. A value that is made from a slice allocates
/// again for its first clone.
fn shared_id_value(id: &[u8]) -> Option<HeaderValue> {
    let bytes = match <[u8; UUID_TEXT]>::try_from(id) {
        Ok(id) => Bytes::from_owner(id),
        Err(_) => Bytes::copy_from_slice(id),
    };
    HeaderValue::from_maybe_shared(bytes).ok()
}

impl<O: Observer, F: Facts> Exchange<O, F> {
    /// The id for the headers of the request, if it goes there. It is kept for those of the response.
    #[inline]
    pub(super) fn id_for_request(&mut self) -> Option<HeaderValue> {
        let mut value = None;
        self.request_header(|id| value = shared_id_value(id));
        let value = value?;
        self.context_mut()?.set_id_value(value.clone());
        Some(value)
    }

    #[inline]
    fn add_headers(&self, status: StatusCode, headers: &mut HeaderMap, version: Version) {
        let Some(lifecycle) = self.lifecycle() else { return };
        let known = || self.context()?.id_value().cloned();
        if let Some(id) = self.echoed_id()
            && let Some(value) = known().or_else(|| id_value(id))
        {
            put(headers, ResponseHeader::RequestId, &lifecycle.id_header, value);
        }
        self.other_headers(status.as_u16(), version <= Version::HTTP_11, |header, value| {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                put(headers, header, &lifecycle.id_header, value);
            }
        });
    }

    /// Ends a panicked exchange with an answer, if panics are to be answered.
    fn panic_response<B>(&mut self, version: Version) -> Option<Response<ResponseBody<B, O, F>>> {
        if self.lifecycle()?.panics() == Panics::Resume {
            return None;
        }
        let mut response = Response::new(ResponseBody::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        let status = response.status();
        self.add_headers(status, response.headers_mut(), version);
        self.finish(Outcome::Panic);
        Some(response)
    }
}

impl<Fut, O: Observer, F: Facts> std::fmt::Debug for ResponseFuture<Fut, O, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ResponseFuture").field(&self.exchange).finish()
    }
}
