use actix_web::dev::{RequestHead, ResponseHead};
use actix_web::http::header::{HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use actix_web::http::{ConnectionType, uri::Authority};
use obs_core::{Headers, RequestIds, ResponseHeader};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static TRACE_RESPONSE: HeaderName = HeaderName::from_static("traceresponse");

/// The headers of a request, with the host of its target: HTTP/2 has no `Host` header.
pub(crate) struct RequestHeaders<'a> {
    headers: &'a HeaderMap,
    authority: Option<&'a Authority>,
}

impl<'a> RequestHeaders<'a> {
    #[inline]
    pub(crate) fn of(head: &'a RequestHead) -> Self {
        Self { headers: &head.headers, authority: head.uri.authority() }
    }
}

impl Headers for RequestHeaders<'_> {
    fn get(&self, name: &str) -> Option<&[u8]> {
        let authority = self.authority.filter(|_| name == "host");
        let value = first(self.headers, name);
        value.or_else(|| authority.map(|host| host.as_str().as_bytes()))
    }

    fn each(&self, name: &str, value: &mut dyn FnMut(&[u8])) {
        let values = match known(name) {
            Some(name) => self.headers.get_all(name),
            None => self.headers.get_all(name),
        };
        values.map(HeaderValue::as_bytes).for_each(value);
    }
}

/// The headers of a response.
pub(crate) struct ResponseHeaders<'a>(pub(crate) &'a HeaderMap);

impl Headers for ResponseHeaders<'_> {
    fn get(&self, name: &str) -> Option<&[u8]> {
        first(self.0, name)
    }
}

fn first<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    let value = match known(name) {
        Some(name) => headers.get(name),
        None => headers.get(name),
    };
    value.map(HeaderValue::as_bytes)
}

/// What signals ask for: reading a name anew for every request costs more than looking it up.
fn known(name: &str) -> Option<&'static HeaderName> {
    static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
    static GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
    static FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
    match name {
        "x-request-id" => Some(&REQUEST_ID),
        "traceparent" => Some(&TRACEPARENT),
        "grpc-status" => Some(&GRPC_STATUS),
        "host" => Some(&HOST),
        "user-agent" => Some(&USER_AGENT),
        "x-forwarded-proto" => Some(&FORWARDED_PROTO),
        _ => None,
    }
}

/// The name of the header for request ids, prepared once.
pub(crate) fn id_header(rules: &RequestIds) -> HeaderName {
    HeaderName::try_from(&rules.header).unwrap_or_else(|_| REQUEST_ID.clone())
}

pub(crate) fn insert(
    head: &mut ResponseHead,
    id: &HeaderName,
    header: ResponseHeader,
    text: &[u8],
) {
    let name = match header {
        ResponseHeader::RequestId => id.clone(),
        ResponseHeader::TraceResponse => TRACE_RESPONSE.clone(),
        // actix writes this header itself.
        ResponseHeader::Connection => return head.set_connection_type(ConnectionType::Close),
        _ => return,
    };
    if let Ok(value) = HeaderValue::from_bytes(text) {
        head.headers_mut().insert(name, value);
    }
}
