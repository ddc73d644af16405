/// Names whose values are secrets: of headers, query parameters, fields.
///
/// Compared without case, `-` and `_`; `SESSION_TOKEN` is one because it ends in `token`. `pass`
/// has to be a word of its own: `db_pass` is one, `bypass` is none.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    // Asked for every field of every span: no heap, and most names are told by their last letter.
    let mut letters = name.bytes().rev().filter(|letter| !matches!(letter, b'-' | b'_'));
    let endings: &[&str] = match letters.next().map(|last| last.to_ascii_lowercase()) {
        Some(b'd') => &["password", "passwd", "pwd"],
        Some(b'e') => &["cookie", "passphrase"],
        // OBS_PUSHGATEWAY_URL: it may carry a password.
        Some(b'l') => &["credential", "pushgatewayurl"],
        Some(b'n') => &["authorization", "authentication", "token", "dsn"],
        // OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_TRACES_HEADERS: they carry keys.
        Some(b's') if ends_in_word(name, "pass") => return true,
        Some(b's') => &[
            "credentials",
            "passwords",
            "secrets",
            "otlpheaders",
            "tracesheaders",
            "metricsheaders",
            "logsheaders",
        ],
        Some(b't') => &["secret", "jwt"],
        Some(b'y') => &[
            "apikey",
            "accesskey",
            "accountkey",
            "encryptionkey",
            "privatekey",
            "secretkey",
            "signingkey",
        ],
        _ => return false,
    };
    endings.iter().any(|ending| {
        let mut letters = letters.clone();
        let mut before = ending.bytes().rev().skip(1);
        before.all(|letter| letters.next().is_some_and(|own| own.eq_ignore_ascii_case(&letter)))
    })
}

/// Whether `word` is the last one of `name`, be that `a_word`, `a-word` or `aWord`.
fn ends_in_word(name: &str, word: &str) -> bool {
    let name = name.trim_end_matches(['-', '_']).as_bytes();
    let Some(at) = name.len().checked_sub(word.len()) else { return false };
    let (before, last) = name.split_at(at);
    last.eq_ignore_ascii_case(word.as_bytes())
        && before.last().is_none_or(|letter| {
            !letter.is_ascii_alphabetic()
                || (letter.is_ascii_lowercase() && last[0].is_ascii_uppercase())
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
            "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
            "OTEL_EXPORTER_OTLP_LOGS_HEADERS",
            "OBS_PUSHGATEWAY_URL",
            "proxy-authentication",
            "user_passwd",
            "passphrase",
            "client-secret",
            "PrivateKey",
            "access_key",
            "credential",
            "aws_credentials",
            "t-o-k-e-n_",
            "secret_key",
            "aws_secret_key",
            "pwd",
            "jwt",
            "passwords",
            "secrets",
            "pass",
            "DB_PASS",
            "smtpPass",
            "pass_",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "",
            "_",
            "host",
            "content-type",
            "tokens_used",
            "order_id",
            "oken",
            "bypass",
            "compass",
            "COMPASS",
            "passed",
            "key",
            "order_key",
            "headers",
            "wd",
            "ass",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
