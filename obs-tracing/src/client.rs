//! What a span shows of the client's request: copied at the beginning, only if the span is kept.

use obs_core::Headers;
use obs_core::redact::bounded_bytes;

use crate::{TrustedProxies, forwarded_scheme};

/// Longest `User-Agent` that is kept, in bytes.
const MAX_USER_AGENT: usize = 512;
/// Longest name of a host, in bytes.
const MAX_HOST: usize = 255;

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) scheme: &'static str,
    pub(crate) address: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) user_agent: Option<String>,
}

impl Client {
    pub(crate) fn of(headers: &dyn Headers, proxies: &TrustedProxies) -> Self {
        let (address, port) = headers.get("host").and_then(host).unzip();
        Self {
            // Encryption ends at a proxy more often than here.
            scheme: proxies
                .trust(headers.peer())
                .then(|| forwarded_scheme(headers))
                .flatten()
                .unwrap_or("http"),
            address,
            port: port.flatten(),
            user_agent: headers.get("user-agent").map(|text| bounded_bytes(text, MAX_USER_AGENT)),
        }
    }
}

/// Host and port of a `Host` header or `:authority`, unless it is something else.
fn host(value: &[u8]) -> Option<(String, Option<u16>)> {
    // The name in brackets, and a port.
    let short = value.len() <= "[]:65535".len() + MAX_HOST;
    let text = std::str::from_utf8(value).ok().filter(|_| short)?;
    let end = if text.starts_with('[') {
        text.find(']')? + 1
    } else {
        text.find(':').unwrap_or(text.len())
    };
    let (name, rest) = text.split_at(end);
    let port = match rest.strip_prefix(':') {
        Some(port) => Some(port.parse().ok()?),
        None if rest.is_empty() => None,
        None => return None,
    };
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let fine = !name.is_empty()
        && name.len() <= MAX_HOST
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte));
    fine.then(|| (name.to_owned(), port))
}
