//! What must not reach a sink.

mod text;

use std::fmt;

pub use self::text::text;

/// What stands where a secret stood.
pub const REDACTED: &str = "[redacted]";

/// A value that never prints itself.
///
/// ```
/// use obs_core::Secret;
///
/// let token = Secret::new("hunter2".to_owned());
/// assert_eq!(format!("{token:?} {token}"), "[redacted] [redacted]");
/// assert_eq!(token.expose(), "hunter2");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a secret.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The secret itself, for the one place that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// Names whose values are secrets: of headers, query parameters, fields.
///
/// Compared without case, `-` and `_`; `SESSION_TOKEN` is one because it ends in `token`.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    // Asked for every field of every span: no heap, and most names are told by their last letter.
    let mut letters = name.bytes().rev().filter(|letter| !matches!(letter, b'-' | b'_'));
    let endings: &[&str] = match letters.next().map(|last| last.to_ascii_lowercase()) {
        Some(b'd') => &["password", "passwd"],
        Some(b'e') => &["cookie", "passphrase"],
        Some(b'l') => &["credential"],
        Some(b'n') => &["authorization", "authentication", "token", "dsn"],
        // OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_TRACES_HEADERS: they carry keys.
        Some(b's') => &["credentials", "otlpheaders", "tracesheaders"],
        Some(b't') => &["secret"],
        Some(b'y') => &["apikey", "accesskey", "privatekey"],
        _ => return false,
    };
    endings.iter().any(|ending| {
        let mut letters = letters.clone();
        let mut before = ending.bytes().rev().skip(1);
        before.all(|letter| letters.next().is_some_and(|own| own.eq_ignore_ascii_case(&letter)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "Authorization",
            "Set-Cookie",
            "X-Api-Key",
            "session_token",
            "PGPASSWORD",
            "SENTRY_DSN",
            "OTEL_EXPORTER_OTLP_HEADERS",
            "otel_exporter_otlp_traces_headers",
            "proxy-authentication",
            "user_passwd",
            "passphrase",
            "client-secret",
            "PrivateKey",
            "access_key",
            "credential",
            "aws_credentials",
            "t-o-k-e-n_",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["", "_", "host", "content-type", "tokens_used", "order_id", "oken"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
