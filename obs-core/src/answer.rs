/// The answer of an endpoint, or to a request that failed, for an adapter to send.
///
/// A HEAD request gets the same without the body. Caches between a prober and the service must
/// not keep an endpoint's: send `Cache-Control: no-store`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The value of the `Content-Type` header.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}
