//! The environment's part of the settings.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::time::Duration;

use obs_core::Secret;
use obs_core::config::{ConfigError, Reader};
use obs_otlp::{Compression, ExportSettings, OtlpTarget, Protocol};

fn read(variables: &[(&str, &str)]) -> (ExportSettings, Result<(), ConfigError>) {
    let mut reader = Reader::from_lookup(|name| {
        variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    });
    let settings = ExportSettings::read(&mut reader);
    (settings, reader.finish())
}

fn target(variables: &[(&str, &str)]) -> Option<OtlpTarget> {
    let (settings, faults) = read(variables);
    faults.unwrap();
    settings.traces
}

#[test]
fn nothing_set_exports_nothing() {
    assert_eq!(read(&[]), (ExportSettings::default(), Ok(())));
    assert_eq!(target(&[("OTEL_TRACES_EXPORTER", "otlp")]), None, "no endpoint, no exporter");
}

#[test]
fn the_path_is_added_to_a_generic_endpoint_over_http_only() {
    for (variables, expected) in [
        (&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318")][..], "http://c:4318/v1/traces"),
        (&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318/")], "http://c:4318/v1/traces"),
        (&[("OTEL_EXPORTER_OTLP_ENDPOINT", "https://c/otlp/")], "https://c/otlp/v1/traces"),
        (&[("OTEL_ENDPOINT", "http://c:4318")], "http://c:4318/v1/traces"),
        (&[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c:1/x")], "http://c:1/x"),
        (
            &[
                ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://own:1/"),
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:2"),
                ("OTEL_ENDPOINT", "http://alias:3"),
            ],
            "http://own:1/",
        ),
        (
            &[
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ],
            "http://c:4317",
        ),
    ] {
        assert_eq!(target(variables).unwrap().endpoint, expected, "{variables:?}");
    }
}

#[test]
fn every_variable_is_read_and_the_signal_s_own_wins() {
    let (settings, faults) = read(&[
        ("OTEL_TRACES_EXPORTER", "otlp"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=general"),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "api-key=a%2Cb%3Dc, x-team = me"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1"),
        ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "2500"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("OBS_EXPORT_QUEUE_BYTES", "1000000"),
        ("OBS_EXPORT_INTERVAL_MS", "50"),
    ]);
    faults.unwrap();
    let header = |name: &str, value: &str| (name.to_owned(), Secret::new(value.to_owned()));
    let mut expected = OtlpTarget::new("http://c:4317", Protocol::Grpc);
    expected.headers = vec![header("api-key", "a,b=c"), header("x-team", "me")];
    expected.timeout = Duration::from_millis(2500);
    expected.compression = Compression::Gzip;
    assert_eq!(settings.traces, Some(expected));
    assert_eq!(settings.queue_bytes, 1_000_000);
    assert_eq!(settings.interval, Duration::from_millis(50));
}

#[test]
fn none_exports_nothing_by_either_name() {
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318");
    assert_eq!(target(&[endpoint, ("OTEL_TRACES_EXPORTER", "none")]), None);
    assert_eq!(target(&[endpoint, ("OTEL_EXPORTER", "none")]), None);
    let both = [endpoint, ("OTEL_TRACES_EXPORTER", "otlp"), ("OTEL_EXPORTER", "none")];
    assert!(target(&both).is_some(), "the standard one wins");
}

#[test]
fn all_faults_are_named_and_no_secret_is_shown() {
    let (settings, faults) = read(&[
        ("OTEL_TRACES_EXPORTER", "zipkin"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://me:hunter2@c:4318"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "c:4317"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-honeycomb-team hunter2"),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x team=hunter2"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"),
        ("OBS_EXPORT_QUEUE_BYTES", "65535"),
        ("OBS_EXPORT_INTERVAL_MS", "9"),
    ]);
    assert_eq!(settings, ExportSettings::default());
    let faults = faults.unwrap_err();
    assert_eq!(faults.faults.len(), 10);
    let text = faults.to_string();
    assert!(!text.contains("hunter2"), "{text}");
    assert!(
        text.contains(
            "OTEL_EXPORTER_OTLP_PROTOCOL=\"http/json\": allowed is one of grpc, http/protobuf"
        ),
        "{text}"
    );
}
