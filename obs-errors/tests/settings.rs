//! The environment.

use obs_core::config::{ConfigError, Reader};
use obs_errors::{Dsn, ErrorSettings};
use proptest::prelude::*;

fn read(pairs: &[(&str, &str)]) -> Result<ErrorSettings, ConfigError> {
    let mut reader = Reader::from_lookup(|name| {
        pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    });
    let settings = ErrorSettings::read(&mut reader);
    reader.finish().map(|()| settings)
}

#[test]
fn the_default_is_off_and_so_is_an_empty_dsn() {
    for pairs in [&[][..], &[("SENTRY_DSN", " ")]] {
        let settings = read(pairs).unwrap();
        assert_eq!(settings, ErrorSettings::default());
        assert!(!settings.is_on() && settings.target().is_none());
    }
}

#[test]
fn all_variables() {
    let settings = read(&[
        ("SENTRY_DSN", "https://abc@o1.ingest.example.com/42"),
        ("SENTRY_ENVIRONMENT", "prod"),
        ("SENTRY_RELEASE", "shop@9"),
        ("SENTRY_SAMPLE_RATE", "0.25"),
        ("OBS_ERRORS_MAX_PER_SECOND", "5"),
    ])
    .unwrap();
    let (url, auth) = settings.target().unwrap();
    assert_eq!(url, "https://o1.ingest.example.com/api/42/envelope/");
    assert_eq!(
        auth.expose(),
        concat!(
            "Sentry sentry_version=7, sentry_client=obs-errors/",
            env!("CARGO_PKG_VERSION"),
            ", sentry_key=abc"
        )
    );
    assert_eq!(settings.environment.as_deref(), Some("prod"));
    assert_eq!(settings.release.as_deref(), Some("shop@9"));
    assert!((settings.sample_rate - 0.25).abs() < 1e-9);
    assert_eq!(settings.max_per_second, 5);
}

#[test]
fn all_faults_at_once_and_the_dsn_is_not_told() {
    let faults = read(&[
        ("SENTRY_DSN", "https://hunter2@/x"),
        ("SENTRY_ENVIRONMENT", "a/b"),
        ("SENTRY_RELEASE", "none"),
        ("SENTRY_SAMPLE_RATE", "NaN"),
        ("OBS_ERRORS_MAX_PER_SECOND", "0"),
    ])
    .unwrap_err();
    assert_eq!(faults.faults.len(), 5, "{faults}");
    assert!(!faults.to_string().contains("hunter2"), "{faults}");
    assert_eq!(faults.faults[0].value, None);
}

#[test]
fn dsns() {
    for (dsn, url, secret) in [
        ("https://k@h/1", "https://h/api/1/envelope/", false),
        ("http://k:s@h:8000/a/b/1/", "http://h:8000/a/b/api/1/envelope/", true),
        (" https://k-1_A@[::1]:9/p?x=1 ", "https://[::1]:9/api/p/envelope/", false),
    ] {
        let dsn: Dsn = dsn.parse().unwrap();
        assert_eq!(dsn.envelope_url(), url);
        assert_eq!(dsn.auth().expose().ends_with(", sentry_secret=s"), secret);
    }
    for text in [
        "",
        "k",
        "k@h/1",
        "ftp://k@h/1",
        "https://h/1",
        "https://@h/1",
        "https://k@h",
        "https://k@h/",
        "https://k@/1",
        "https://k@h/a b",
        "https://k,x@h/1",
        "https://k:@h/1",
        "https://k@h/..",
        "https://k@h:port/1",
    ] {
        assert!(text.parse::<Dsn>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_dsn_or_none_and_what_comes_of_it_fits_into_a_request(
        text in "(https?://)?[a-z0-9:@/\\[\\]. \r\n,%-]{0,30}"
    ) {
        if let Ok(dsn) = text.parse::<Dsn>() {
            let url: http::Uri = dsn.envelope_url().parse().unwrap();
            prop_assert!(url.host().is_some_and(|host| !host.is_empty()));
            prop_assert!(!dsn.envelope_url().contains('@'));
            prop_assert!(http::HeaderValue::from_str(dsn.auth().expose()).is_ok());
        }
    }
}
