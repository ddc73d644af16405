//! The HTTP client of the export thread: TLS by rustls with ring and the system's certificates.

use std::error::Error;
use std::io;
use std::io::Write as _;

use bytes::Bytes;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioTimer;
use obs_core::ErrorRecord;

use crate::endpoint;
use crate::quiet::QuietExecutor;
use crate::target::Compression;
use crate::trust;

pub(crate) type Client<B> = legacy::Client<HttpsConnector<HttpConnector>, B>;

/// More of an answer is not read.
const MAX_ANSWER: usize = 64 * 1024;

/// How a program introduces itself.
pub(crate) const AGENT: &str = concat!("obs-otlp/", env!("CARGO_PKG_VERSION"));

/// A new client, with connections of its own, for `uri`. Speaks HTTP/2 only, or what TLS negotiates.
/// Trusts the `authorities` of this PEM besides the system's.
///
/// # Errors
/// If the system has no certificates and `uri` is `https`.
pub(crate) fn client<B>(uri: &Uri, only_http2: bool, authorities: &[u8]) -> io::Result<Client<B>>
where
    B: Body + Send,
    B::Data: Send,
{
    let config = trust::config(uri, authorities)?;
    let builder = HttpsConnectorBuilder::new().with_tls_config(config).https_or_http();
    let connector = match only_http2 {
        true => builder.enable_http2().build(),
        false => builder.enable_all_versions().build(),
    };
    Ok(legacy::Client::builder(QuietExecutor)
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .http2_only(only_http2)
        .build(connector))
}

/// The error with its causes, for the log.
pub(crate) fn describe(error: &(dyn Error + 'static)) -> String {
    ErrorRecord::of(error).message()
}

/// Requests that bring something to one URL.
pub(crate) struct Post {
    client: Client<Full<Bytes>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    compression: Compression,
    authorities: Vec<u8>,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Empty if it was too long.
    pub(crate) body: Bytes,
}

impl Post {
    pub(crate) fn new(
        uri: Uri,
        mut headers: HeaderMap,
        compression: Compression,
        authorities: &[u8],
    ) -> io::Result<Self> {
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(AGENT));
        if compression == Compression::Gzip {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let client = client(&uri, false, authorities)?;
        let authorities = authorities.to_owned();
        Ok(Self { client, method: Method::POST, uri, headers, compression, authorities })
    }

    pub(crate) fn with_method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// The bytes that [`send`](Self::send) takes.
    pub(crate) fn pack(&self, body: Vec<u8>) -> Bytes {
        match self.compression {
            Compression::None => body.into(),
            Compression::Gzip => gzip(&body).into(),
        }
    }

    /// # Errors
    /// The text says why nothing came back.
    pub(crate) async fn send(&self, body: Bytes) -> Result<Reply, String> {
        let mut request = Request::new(Full::new(body));
        request.method_mut().clone_from(&self.method);
        request.uri_mut().clone_from(&self.uri);
        request.headers_mut().clone_from(&self.headers);
        let reply = self.client.request(request).await.map_err(|error| describe(&error))?;
        let (parts, body) = reply.into_parts();
        let body = match Limited::new(body, MAX_ANSWER).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<hyper::Error>() => return Err(describe(&*error)),
            Err(_too_long) => Bytes::new(),
        };
        Ok(Reply { status: parts.status, headers: parts.headers, body })
    }

    pub(crate) fn reconnect(&mut self) {
        if let Ok(client) = client(&self.uri, false, &self.authorities) {
            self.client = client;
        }
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing into memory does not fail.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default()
}

/// The usable ones of the headers of a target.
pub(crate) fn headers<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> HeaderMap {
    pairs.into_iter().filter_map(|(name, value)| endpoint::header(name, value)).collect()
}
