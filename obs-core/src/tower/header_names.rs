//! The names of headers, prepared once.

use http::header::CONNECTION;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{Lifecycle, RequestIds, ResponseHeader};

impl RequestIds {
    /// The header's name; the default's if the configured one is none.
    pub(crate) fn header_name(&self) -> HeaderName {
        HeaderName::try_from(&self.header).unwrap_or(HeaderName::from_static("x-request-id"))
    }
}

impl<O> Lifecycle<O> {
    /// The client's id, unchecked.
    #[inline]
    pub(super) fn given_id<'a>(&self, headers: &'a HeaderMap) -> Option<&'a [u8]> {
        headers.get(&self.id_header).map(HeaderValue::as_bytes)
    }

    pub(super) fn header_name(&self, header: ResponseHeader) -> HeaderName {
        static TRACE_RESPONSE: HeaderName = HeaderName::from_static("traceresponse");
        match header {
            ResponseHeader::RequestId => self.id_header.clone(),
            ResponseHeader::TraceResponse => TRACE_RESPONSE.clone(),
            ResponseHeader::Connection => CONNECTION,
        }
    }
}
