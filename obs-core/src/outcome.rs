use std::fmt;

/// How an exchange ended. Every exchange ends with exactly one of these.
///
/// The status that goes with it is in [`Finished::status`](crate::Finished::status).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The whole response was handed to the server. That is not yet delivery: the server may still
    /// hold bytes that the client never reads.
    Complete,
    /// The client left before the response headers: status 499, a class of its own.
    Cancelled,
    /// The client left while the body was being sent. The status that was sent stays.
    CancelledInBody,
    /// The response body returned an error, or ended with another length than its head declared. The
    /// status that was sent stays.
    BodyError,
    /// The handler or the body panicked: status 500 if no headers were sent yet.
    Panic,
    /// The connection left HTTP (`101`, or a successful `CONNECT`).
    Upgraded,
}

impl Outcome {
    /// The name used in labels, log lines and span attributes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Cancelled => "cancelled",
            Self::CancelledInBody => "cancelled_in_body",
            Self::BodyError => "body_error",
            Self::Panic => "panic",
            Self::Upgraded => "upgraded",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
