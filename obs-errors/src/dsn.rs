use std::fmt;
use std::str::FromStr;

use http::Uri;
use obs_core::Secret;

/// Where events go and with which key: `https://KEY@HOST/PROJECT`, as Sentry, Bugsink and GlitchTip
/// show it.
///
/// It is a secret: it never prints itself.
///
/// ```
/// use obs_errors::Dsn;
///
/// let dsn: Dsn = "https://0123abcd@errors.example.com/7".parse()?;
/// assert_eq!(dsn.envelope_url(), "https://errors.example.com/api/7/envelope/");
/// assert_eq!(format!("{dsn:?}"), "[redacted]");
/// # Ok::<(), obs_errors::DsnError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Dsn {
    url: String,
    auth: String,
}

/// The text is no DSN. It does not say which text: that is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a DSN: expected https://KEY@HOST/PROJECT")]
#[non_exhaustive]
pub struct DsnError;

impl Dsn {
    /// Where envelopes are posted to.
    #[must_use]
    pub fn envelope_url(&self) -> &str {
        &self.url
    }

    /// The value of the header `X-Sentry-Auth`.
    #[must_use]
    pub fn auth(&self) -> Secret<String> {
        Secret::new(self.auth.clone())
    }

    fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"))?;
        let authority = uri.authority()?;
        let (user, address) = authority.as_str().rsplit_once('@')?;
        let host = authority.host();
        let port = address.strip_prefix(host)?;
        // `http` takes any text for a port, and says then that there is none.
        let is_port = |text: &str| text.parse::<u16>().is_ok_and(|number| number > 0);
        let (key, secret) = match user.split_once(':') {
            Some((key, secret)) => (key, Some(secret)),
            None => (user, None),
        };
        let (prefix, project) = uri.path().trim_end_matches('/').rsplit_once('/')?;
        let fine = !host.is_empty()
            && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
            && is_word(key)
            && is_word(project)
            && secret.is_none_or(is_word);
        fine.then(|| Self {
            url: format!("{scheme}://{address}{prefix}/api/{project}/envelope/"),
            auth: auth(key, secret),
        })
    }
}

/// What may stand in a header value and in a path as it is.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn auth(key: &str, secret: Option<&str>) -> String {
    let mut auth = format!(
        "Sentry sentry_version=7, sentry_client=obs-errors/{}, sentry_key={key}",
        env!("CARGO_PKG_VERSION")
    );
    if let Some(secret) = secret {
        auth.extend([", sentry_secret=", secret]);
    }
    auth
}

impl FromStr for Dsn {
    type Err = DsnError;

    fn from_str(text: &str) -> Result<Self, DsnError> {
        Self::parse(text.trim()).ok_or(DsnError)
    }
}

impl fmt::Debug for Dsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(obs_core::redact::REDACTED)
    }
}
