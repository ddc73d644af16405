/// The answer to a probe, for an adapter to send.
///
/// A HEAD request gets the same without the body. Caches between the prober and the service must
/// not keep it: send `Cache-Control: no-store`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status: 200 or 503.
    pub status: u16,
    /// The value of the `Content-Type` header: `application/json`.
    pub content_type: &'static str,
    /// One JSON document, UTF-8.
    pub body: Vec<u8>,
}
