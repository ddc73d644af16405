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
    let mut reader = Reader::from_map(variables.iter().copied());
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
        ("OBS_STRICT", "true"),
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
            "OTEL_EXPORTER_OTLP_PROTOCOL=\"http/json\": expected one of grpc, http/protobuf"
        ),
        "{text}"
    );
}

/// The settings, the warnings, and which signal is off because of which variable.
fn lenient(variables: &[(&str, &str)]) -> (ExportSettings, Vec<String>, Vec<(String, String)>) {
    let mut reader = Reader::from_map(variables.iter().copied());
    let settings = ExportSettings::read(&mut reader);
    let warnings = reader.outcome().unwrap();
    let off = warnings.off.into_iter().map(|off| (off.signal.to_owned(), off.variable));
    let texts = warnings.faults.iter().map(ToString::to_string).collect();
    (settings, texts, off.collect())
}

const COLLECTOR: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318");

#[test]
fn what_others_can_do_and_we_cannot_is_a_warning_and_the_nearest_safe_thing_happens() {
    let usual = read(&[COLLECTOR]).0.traces.unwrap();
    for (variable, value) in [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=b,c"),
        ("OTEL_BSP_SCHEDULE_DELAY", "soon"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "0"),
    ] {
        let (settings, warnings, off) = lenient(&[COLLECTOR, (variable, value)]);
        assert_eq!((settings.traces.as_ref(), off.len()), (Some(&usual), 0), "{variable}");
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].starts_with(variable) && warnings[0].ends_with(')'), "{warnings:?}");
    }
    // Sent to the console they would not reach the collector.
    for (variable, value, on) in [
        ("OTEL_TRACES_EXPORTER", "console", false),
        ("OTEL_TRACES_EXPORTER", "zipkin,none", false),
        ("OTEL_TRACES_EXPORTER", "console,otlp", true),
        ("OTEL_EXPORTER", "jaeger", false),
    ] {
        let (settings, warnings, off) = lenient(&[COLLECTOR, (variable, value)]);
        assert_eq!(settings.traces.is_some(), on, "{variable}={value}");
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        let expected = if on { vec![] } else { vec![("traces".to_owned(), variable.to_owned())] };
        assert_eq!(off, expected);
    }
    let both = [COLLECTOR, ("OTEL_METRICS_EXPORTER", "otlp,prometheus")];
    let (settings, warnings, _) = lenient(&both);
    assert!(settings.metrics.is_some() && warnings.is_empty(), "{warnings:?}");
}

#[test]
fn a_signal_whose_destination_cannot_be_used_is_off_and_does_not_go_elsewhere() {
    let off = |signal: &str, variable: &str| (signal.to_owned(), variable.to_owned());
    let bad = ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317");
    let own = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector");
    let (settings, warnings, signals) = lenient(&[bad, ("OTEL_ENDPOINT", "http://c:4318")]);
    assert_eq!(settings, ExportSettings::default());
    assert_eq!(
        warnings,
        ["OTEL_EXPORTER_OTLP_ENDPOINT=\"collector:4317\": expected an http:// or https:// URL \
          without credentials, query and fragment (it is ignored, traces off)"]
    );
    assert_eq!(signals, [off("traces", bad.0)]);
    let (settings, warnings, signals) =
        lenient(&[COLLECTOR, own, ("OTEL_METRICS_EXPORTER", "otlp")]);
    assert!(settings.traces.is_none() && settings.metrics.is_some());
    assert_eq!((warnings.len(), signals), (1, vec![off("traces", own.0)]));
    // Nobody asked for it: it is off, and that is all.
    let (_, warnings, signals) = lenient(&[bad, ("OTEL_TRACES_EXPORTER", "none")]);
    assert_eq!((warnings.len(), signals.len()), (1, 0));
    let both = lenient(&[bad, ("OTEL_METRICS_EXPORTER", "otlp")]);
    assert_eq!(both.2, [off("traces", bad.0), off("metrics", bad.0)]);
    assert!(both.1[0].ends_with("(it is ignored, traces off, metrics off)"), "{:?}", both.1);
    let (settings, warnings, _) =
        lenient(&[bad, ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c")]);
    assert!(settings.traces.is_some() && warnings.len() == 1);
}

#[test]
fn a_header_that_is_given_twice_is_sent_once() {
    let headers = ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=a,,x=1,Api-Key=b,");
    let target = target(&[COLLECTOR, headers]).unwrap();
    let header = |name: &str, value: &str| (name.to_owned(), Secret::new(value.to_owned()));
    assert_eq!(target.headers, [header("x", "1"), header("Api-Key", "b")]);
}

#[test]
fn the_standard_delay_of_a_batch_counts_without_our_own() {
    let standard = ("OTEL_BSP_SCHEDULE_DELAY", "5000");
    let interval = |variables: &[_]| read(variables).0.interval;
    assert_eq!(interval(&[standard]), Duration::from_secs(5));
    assert_eq!(interval(&[standard, ("OBS_EXPORT_INTERVAL_MS", "50")]), Duration::from_millis(50));
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
