use std::fmt;
use std::io;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::Stream;
#[cfg(feature = "health")]
use obs_core::Answer;

/// What an endpoint answers, for an adapter to send. A HEAD request gets the same without the body.
#[derive(Debug)]
pub struct EndpointAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Names, in lower case, and values. `cache-control: no-store` is one of them: caches between a
    /// prober and the service must not keep an answer.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The body.
    pub body: Body,
}

/// The body of an endpoint's answer.
pub enum Body {
    /// All of it.
    Whole(Vec<u8>),
    /// The exposition, as it is rendered.
    Chunks(Chunks),
}

/// What comes of a body, one piece after the other. After an error, which is the last, the connection
/// must be cut: otherwise a reader takes a part for the whole.
pub type Chunks = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

impl EndpointAnswer {
    /// With the headers that every endpoint has.
    #[cfg(any(feature = "health", feature = "metrics"))]
    pub(crate) fn new(status: u16, content_type: &'static str, body: Body) -> Self {
        let headers = vec![("content-type", content_type), ("cache-control", "no-store")];
        Self { status, headers, body }
    }
}

#[cfg(feature = "health")]
impl From<Answer> for EndpointAnswer {
    fn from(Answer { status, content_type, body }: Answer) -> Self {
        Self::new(status, content_type, Body::Whole(body))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(bytes) => f.debug_tuple("Whole").field(&bytes.len()).finish(),
            Self::Chunks(_) => f.write_str("Chunks"),
        }
    }
}
