//! The environment's part of the settings.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::time::Duration;

use obs_core::Secret;
use obs_core::config::{ConfigError, Reader};
use obs_otlp::{
    Compression, ExportSettings, HistogramForm, MetricsTarget, OtlpTarget, Protocol, PushTarget,
    TemporalityPreference,
};

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

fn metrics(variables: &[(&str, &str)]) -> Option<MetricsTarget> {
    let (settings, faults) = read(variables);
    faults.unwrap();
    settings.metrics
}

#[test]
fn metrics_leave_only_if_somebody_says_so() {
    let all = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318");
    let own = ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://own:1/m");
    let word = |word| ("OTEL_METRICS_EXPORTER", word);
    assert_eq!(metrics(&[all]), None, "they are pulled");
    assert_eq!(metrics(&[word("otlp")]), None, "no endpoint, no exporter");
    let endpoint = |variables: &[_]| metrics(variables).unwrap().target.endpoint;
    assert_eq!(endpoint(&[all, word("OTLP")]), "http://c:4318/v1/metrics");
    assert_eq!(endpoint(&[own]), "http://own:1/m");
    assert_eq!(endpoint(&[all, own]), "http://own:1/m");
    for off in ["none", "prometheus"] {
        assert_eq!(metrics(&[all, own, word(off)]), None);
    }
    assert_eq!(metrics(&[own, ("OTEL_SDK_DISABLED", "True")]), None);
    assert!(target(&[own]).is_none(), "its endpoint is not that of spans");
}

#[test]
fn every_variable_of_metrics_is_read() {
    let target = metrics(&[
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://c:4317"),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=general"),
        ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "api-key=own"),
        ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "1"),
        ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "2500"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "5000"),
        ("OTEL_METRIC_EXPORT_TIMEOUT", "4000"),
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "LowMemory"),
        (
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
            "base2_exponential_bucket_histogram",
        ),
    ]);
    let mut otlp = OtlpTarget::new("http://c:4317", Protocol::Grpc);
    otlp.headers = vec![("api-key".to_owned(), Secret::new("own".to_owned()))];
    otlp.timeout = Duration::from_millis(2500);
    otlp.compression = Compression::Gzip;
    let mut expected = MetricsTarget::new(otlp);
    expected.interval = Duration::from_secs(5);
    expected.timeout = Duration::from_secs(4);
    expected.temporality = TemporalityPreference::LowMemory;
    expected.histograms = HistogramForm::Exponential;
    assert_eq!(target, Some(expected));
}

#[test]
fn a_gateway_may_want_credentials_which_are_never_shown() {
    let url = "https://me:hunter%202@gateway:9091/prefix";
    let (settings, faults) = read(&[
        ("OBS_PUSHGATEWAY_URL", url),
        ("OBS_PUSHGATEWAY_JOB", "nightly"),
        ("OBS_PUSHGATEWAY_INSTANCE", "a/b"),
        ("OBS_PUSHGATEWAY_INTERVAL_MS", "1500"),
    ]);
    faults.unwrap();
    let push = settings.push.clone().unwrap();
    assert_eq!(push.url, "https://gateway:9091/prefix");
    assert_eq!(push.credentials, Some(Secret::new("me:hunter 2".to_owned())));
    assert_eq!((push.job.as_deref(), push.instance.as_deref()), (Some("nightly"), Some("a/b")));
    assert_eq!(push.interval, Some(Duration::from_millis(1500)));
    assert!(!format!("{settings:?}").contains("hunter"), "{settings:?}");

    let (settings, _) = read(&[
        ("OBS_PUSHGATEWAY_URL", "http://gateway:9091"),
        ("OBS_PUSHGATEWAY_INTERVAL_MS", "0"),
    ]);
    assert_eq!(settings.push, Some(PushTarget::new("http://gateway:9091")));

    for bad in ["gateway:9091", "http://me:hunter2@", "http://me:hunter2@g/?x=1", "me:hunter2@g"] {
        let (settings, faults) = read(&[("OBS_PUSHGATEWAY_URL", bad)]);
        assert_eq!(settings.push, None, "{bad}");
        let text = faults.unwrap_err().to_string();
        assert!(text.contains("OBS_PUSHGATEWAY_URL") && !text.contains("hunter2"), "{text}");
    }
}
