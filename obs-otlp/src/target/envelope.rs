use std::fmt;
use std::time::Duration;

use obs_core::{Secret, redact};

use super::Compression;

/// Where error events go: one endpoint that takes
/// [envelopes](https://develop.sentry.dev/sdk/data-model/envelopes/).
///
/// `Debug` shows neither the header nor credentials in the URL.
#[derive(Clone, PartialEq, Eq)]
pub struct EnvelopeTarget {
    /// The URL, such as `https://errors.example.com/api/7/envelope/`. One that is not an `http` or
    /// `https` URL is said once when the exporter starts; every envelope is then dropped and counted
    /// as `unreachable`.
    pub url: String,
    /// The value of `X-Sentry-Auth`.
    pub header: Secret<String>,
    /// How envelopes are compressed. Default not at all.
    pub compression: Compression,
    /// How long one attempt may take, from connecting to the end of the answer. Default 10 s.
    pub timeout: Duration,
}

impl EnvelopeTarget {
    /// Envelopes to `url`, with `header` as the value of `X-Sentry-Auth`.
    #[must_use]
    pub fn new(url: impl Into<String>, header: Secret<String>) -> Self {
        let timeout = Duration::from_secs(10);
        Self { url: url.into(), header, compression: Compression::None, timeout }
    }
}

impl fmt::Debug for EnvelopeTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvelopeTarget")
            .field("url", &redact::text(&self.url))
            .field("header", &self.header)
            .field("compression", &self.compression)
            .field("timeout", &self.timeout)
            .finish()
    }
}
