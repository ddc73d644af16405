use std::fmt;
use std::time::Duration;

use obs_core::{Secret, redact};

/// Where spans or metrics go.
///
/// `Debug` shows neither the values of the headers nor credentials in the endpoint.
#[derive(Clone, PartialEq, Eq)]
pub struct OtlpTarget {
    /// For [`Protocol::Http`] the whole URL, such as `http://collector:4318/v1/traces`; for
    /// [`Protocol::Grpc`] the origin, such as `http://collector:4317`. `http` or `https`.
    pub endpoint: String,
    /// How they are sent.
    pub protocol: Protocol,
    /// Headers (metadata, for gRPC) of every request. Default none. A header whose name or value
    /// HTTP does not allow is left out.
    pub headers: Vec<(String, Secret<String>)>,
    /// How long one attempt may take, from connecting to the end of the answer. Default 10 s.
    pub timeout: Duration,
    /// How requests are compressed. Default not at all.
    pub compression: Compression,
    /// Certificates, as PEM, of authorities that are trusted besides those of the system. Default none.
    /// `OTEL_EXPORTER_OTLP_CERTIFICATE`, and `OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE` and
    /// `OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE`, which win: a file of at most 1 MiB, read at the start.
    pub authorities: Vec<u8>,
}

impl OtlpTarget {
    /// To `endpoint`, everything else by default.
    ///
    /// An `endpoint` that is not an `http` or `https` URL is said once when the exporter starts;
    /// everything is then dropped and counted as `unreachable`.
    #[must_use]
    pub fn new(endpoint: impl Into<String>, protocol: Protocol) -> Self {
        Self {
            endpoint: endpoint.into(),
            protocol,
            headers: Vec::new(),
            timeout: Duration::from_secs(10),
            compression: Compression::None,
            authorities: Vec::new(),
        }
    }
}

impl fmt::Debug for OtlpTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtlpTarget")
            .field("endpoint", &redact::text(&self.endpoint))
            .field("protocol", &self.protocol)
            .field("headers", &self.headers)
            .field("timeout", &self.timeout)
            .field("compression", &self.compression)
            .field("authorities", &format_args!("{} bytes", self.authorities.len()))
            .finish()
    }
}

/// How they are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// [OTLP/HTTP](https://opentelemetry.io/docs/specs/otlp/#otlphttp) with binary protobuf, over
    /// HTTP/1.1, or HTTP/2 where TLS negotiates it. Usually port 4318.
    #[default]
    Http,
    /// [OTLP/gRPC](https://opentelemetry.io/docs/specs/otlp/#otlpgrpc). Usually port 4317.
    Grpc,
}

/// How requests are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952).
    Gzip,
}
