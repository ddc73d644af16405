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
