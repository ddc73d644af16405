/// The answer of an endpoint, for an adapter to send.
///
/// A HEAD request gets the same without the body. Caches between the prober and the service must
/// not keep it: send `Cache-Control: no-store`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The value of the `Content-Type` header.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}
