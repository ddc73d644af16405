//! The environment.

use obs_core::config::{ConfigError, Reader};
use obs_errors::{Dsn, ErrorSettings};
use proptest::prelude::*;

fn read(pairs: &[(&str, &str)]) -> Result<ErrorSettings, ConfigError> {
    let mut reader = Reader::from_map(pairs.iter().copied());
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
        ("OBS_STRICT", "true"),
        ("SENTRY_DSN", "https://hunter2@/x"),
        ("SENTRY_ENVIRONMENT", "a/b"),
        ("SENTRY_RELEASE", "none"),
        ("SENTRY_SAMPLE_RATE", "NaN"),
        ("OBS_ERRORS_MAX_PER_SECOND", "0"),
    ])
    .unwrap_err();
    assert_eq!(faults.faults.len(), 5, "{faults}");
    assert!(!faults.to_string().contains("hunter2"), "{faults}");
    let dsn = faults.faults.iter().find(|fault| fault.variable == "SENTRY_DSN").unwrap();
    assert_eq!(dsn.value, None);
}

#[test]
fn without_a_usable_destination_and_rate_errors_are_off_and_the_variable_is_named() {
    let dsn = ("SENTRY_DSN", "https://abc@errors.example.com/42");
    for (set, variable) in [
        (&[("SENTRY_DSN", "https://hunter2@/x")][..], "SENTRY_DSN"),
        (&[dsn, ("SENTRY_SAMPLE_RATE", "10%")], "SENTRY_SAMPLE_RATE"),
    ] {
        let mut reader = Reader::from_map(set.iter().copied());
        let settings = ErrorSettings::read(&mut reader);
        let warnings = reader.outcome().unwrap();
        assert!(!settings.is_on());
        let [fault] = &warnings.faults[..] else { panic!("{warnings:?}") };
        assert!(fault.to_string().starts_with(variable), "{fault}");
        assert!(fault.to_string().ends_with("errors off)"), "{fault}");
        assert!(!fault.to_string().contains("hunter2"), "{fault}");
        assert_eq!((warnings.off[0].signal, &*warnings.off[0].variable), ("errors", variable));
    }
    // Of spans, which go elsewhere.
    let mut reader = Reader::from_map([dsn, ("SENTRY_TRACES_SAMPLE_RATE", "abc")]);
    assert!(ErrorSettings::read(&mut reader).is_on());
    reader.check_names();
    let warnings = reader.outcome().unwrap();
    let [fault] = &warnings.faults[..] else { panic!("{warnings:?}") };
    assert_eq!(
        fault.to_string(),
        "SENTRY_TRACES_SAMPLE_RATE=\"abc\": expected a number, 0 to 1 (it is ignored)"
    );
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
