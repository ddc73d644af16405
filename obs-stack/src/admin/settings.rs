use std::fs::File;
use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::path::Path;

use obs_core::Secret;
use obs_core::config::Reader;
use obs_core::redact::REDACTED;

/// More than any token has, in bytes.
const LONGEST_TOKEN: u64 = 4096;

/// The admin listener: a port of its own for `/metrics` and `/health`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AdminSettings {
    /// Where it listens. Default `None`: there is no such listener, and the application's port has
    /// every endpoint. With an address, the application's port has `/live`, `/startup` and `/ready`
    /// only. Port 0 is any free port: [`Obs::admin_addr`](crate::Obs::admin_addr) says which.
    /// Environment: `OBS_ADMIN_ADDR`, such as `127.0.0.1:9464` or `[::]:9464`.
    pub addr: Option<SocketAddr>,
    /// What a client sends as `Authorization: Bearer TOKEN`; the three probes are answered without it.
    /// Default `None`: every client that reaches the address is answered. Environment:
    /// `OBS_ADMIN_TOKEN_FILE`, the path of a file with the token and nothing else.
    pub token: Option<Secret<String>>,
    /// Whether an address that is not a loopback address is allowed without a token. Default `false`.
    /// Environment: `OBS_ADMIN_PUBLIC` (`true`, `false`).
    pub public: bool,
}

impl AdminSettings {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let addr = reader.parse(
            "OBS_ADMIN_ADDR",
            "an IP address and a port, such as 127.0.0.1:9464 or [::]:9464",
            |text| text.parse().ok(),
        );
        let token = reader.text("OBS_ADMIN_TOKEN_FILE").and_then(|path| {
            let token = read_token(path.as_ref());
            token
                .map_err(|error| {
                    // What does not begin as a path may be the token itself, set by mistake.
                    let is_path = path.starts_with(['/', '.']);
                    let path = if is_path { path.as_str() } else { REDACTED };
                    let expected = format!("the path of a file with a token; {path}: {error}");
                    reader.fault("OBS_ADMIN_TOKEN_FILE", path, &expected);
                })
                .ok()
        });
        let token_is_unset = reader.text("OBS_ADMIN_TOKEN_FILE").is_none();
        let public = reader.flag("OBS_ADMIN_PUBLIC").unwrap_or_default();
        let settings = Self { addr, token, public };
        if let (Err(_), Some(addr), true) = (settings.check(), addr, token_is_unset) {
            reader.fault("OBS_ADMIN_ADDR", &addr.to_string(), LOOPBACK);
        }
        settings
    }

    /// Whether the listener may be opened.
    pub(crate) fn check(&self) -> Result<(), String> {
        match self.addr {
            Some(addr) if !addr.ip().is_loopback() && self.token.is_none() && !self.public => {
                Err(format!("admin.addr = {addr}: expected {LOOPBACK}"))
            }
            _ => Ok(()),
        }
    }
}

const LOOPBACK: &str = "a loopback address such as 127.0.0.1:9464; for any other one, \
                        OBS_ADMIN_TOKEN_FILE must name a file with a token, or \
                        OBS_ADMIN_PUBLIC=true must allow every client to read";

fn read_token(path: &Path) -> io::Result<Secret<String>> {
    let mut text = String::new();
    File::open(path)?.take(LONGEST_TOKEN + 1).read_to_string(&mut text)?;
    let token = text.trim();
    let fault = if token.is_empty() {
        "the file is empty"
    } else if text.len() as u64 > LONGEST_TOKEN {
        "a token has at most 4096 bytes"
    } else if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        "a token is one word of printable ASCII characters"
    } else {
        return Ok(Secret::new(token.to_owned()));
    };
    Err(io::Error::new(io::ErrorKind::InvalidData, fault))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<AdminSettings, String> {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let mut reader = Reader::from_lookup(lookup);
        let settings = AdminSettings::read(&mut reader);
        reader.finish().map(|()| settings).map_err(|error| error.to_string())
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn without_a_token_only_loopback_is_accepted() {
        for addr in ["127.0.0.1:9464", "[::1]:0", "127.9.9.9:1"] {
            assert_eq!(read(&[("OBS_ADMIN_ADDR", addr)]).unwrap().addr, addr.parse().ok());
        }
        for addr in ["0.0.0.0:9464", "[::]:9464", "10.0.0.7:9464"] {
            let error = read(&[("OBS_ADMIN_ADDR", addr)]).unwrap_err();
            let start = format!("OBS_ADMIN_ADDR={addr:?}: expected a loopback address");
            assert!(error.contains(&start), "{error}");
            for fix in ["OBS_ADMIN_TOKEN_FILE", "OBS_ADMIN_PUBLIC=true"] {
                assert!(error.contains(fix), "{error}");
            }
            let public = read(&[("OBS_ADMIN_ADDR", addr), ("OBS_ADMIN_PUBLIC", "true")]);
            assert!(public.unwrap().public);
            let token = file("hunter2\n");
            let path = token.path().to_str().unwrap();
            let guarded = read(&[("OBS_ADMIN_ADDR", addr), ("OBS_ADMIN_TOKEN_FILE", path)]);
            assert_eq!(guarded.unwrap().token, Some(Secret::new("hunter2".to_owned())), "trimmed");
        }
    }

    #[test]
    fn a_token_in_place_of_its_path_is_not_shown() {
        let mistaken = read(&[("OBS_ADMIN_TOKEN_FILE", "c2VjcmV0LXRva2Vu")]);
        let error = mistaken.unwrap_err();
        assert!(error.contains("OBS_ADMIN_TOKEN_FILE"), "{error}");
        assert!(!error.contains("c2VjcmV0LXRva2Vu"), "{error}");
    }

    #[test]
    fn a_token_that_cannot_be_read_names_the_variable_and_the_path() {
        let missing =
            read(&[("OBS_ADMIN_ADDR", "0.0.0.0:9464"), ("OBS_ADMIN_TOKEN_FILE", "/no/such/token")]);
        let error = missing.unwrap_err();
        assert!(error.starts_with("1 environment variable cannot be used:"), "{error}");
        for part in ["OBS_ADMIN_TOKEN_FILE", "/no/such/token: No such file"] {
            assert!(error.contains(part), "{error}");
        }
        for (text, fault) in [
            (" \n", "the file is empty"),
            ("two words", "one word"),
            (&"x".repeat(5000), "at most 4096"),
        ] {
            let token = file(text);
            let path = token.path().to_str().unwrap();
            let error = read(&[("OBS_ADMIN_TOKEN_FILE", path)]).unwrap_err();
            assert!(error.contains(path) && error.contains(fault), "{error}");
        }
    }
}
