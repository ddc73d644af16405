use http::{HeaderMap, HeaderName, HeaderValue};

use super::http_types::known_name;
use crate::Call;

/// Puts the headers into `headers` that let the next service continue the trace of this request, in
/// place of what they hold: see [`inject_with`](crate::inject_with).
///
/// ```
/// let mut headers = http::HeaderMap::new();
/// obs_core::tower::inject(&mut headers);
/// assert!(headers.is_empty()); // outside of a request
/// ```
pub fn inject(headers: &mut HeaderMap) {
    crate::inject_with(|name, value| put(headers, name, value));
}

impl Call {
    /// Puts the headers into `headers` that let the called service continue the trace, in place of
    /// what they hold: see [`inject_with`](Self::inject_with).
    pub fn inject(&self, headers: &mut HeaderMap) {
        self.inject_with(|name, value| put(headers, name, value));
    }
}

fn put(headers: &mut HeaderMap, name: &str, value: &str) {
    if name == "traceparent" {
        // The one that belongs to another parent. Ours comes next, if there is one.
        headers.remove("tracestate");
    }
    let known = known_name(name).cloned();
    let name = known.or_else(|| HeaderName::from_bytes(name.as_bytes()).ok());
    if let (Some(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}
