use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

/// Puts the headers into `headers` that let the next service continue the trace of this request, in
/// place of what they hold: see [`inject_with`](obs_stack::api::inject_with), which serves header maps
/// of other crates.
///
/// ```
/// let mut headers = actix_web::http::header::HeaderMap::new();
/// obs_actix::inject(&mut headers);
/// assert!(headers.is_empty()); // outside of a request
/// ```
pub fn inject(headers: &mut HeaderMap) {
    obs_stack::api::inject_with(|name, value| {
        if name == "traceparent" {
            // The one that belongs to another parent. Ours comes next, if there is one.
            headers.remove("tracestate");
        }
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    });
}
