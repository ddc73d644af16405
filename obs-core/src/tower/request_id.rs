//! The request id in headers.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{Lifecycle, RequestContext, RequestIds, UUID_TEXT};

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

    /// Puts the id into the response. One id per response: it replaces what a handler has put there.
    #[inline]
    pub(crate) fn echo_id(&self, context: &RequestContext, headers: &mut HeaderMap) {
        if !self.request_ids.echo {
            return;
        }
        let text = &mut [0; UUID_TEXT];
        if let Ok(value) = HeaderValue::from_bytes(context.request_id().encode_bytes(text)) {
            headers.insert(self.id_header.clone(), value);
        }
    }
}
