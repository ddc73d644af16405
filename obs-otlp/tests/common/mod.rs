//! What several tests need.
#![allow(dead_code, reason = "each test needs some of it")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "helpers of tests, outside of #[test]"
)]

pub(crate) mod collector;
pub(crate) mod numbers;

use std::borrow::Cow;
use std::thread::sleep;
use std::time::{Duration, Instant};

use obs_core::export::{Envelope, SpanKind, SpanRecord};
use obs_core::source::{Collector, Family, Source, Value};
use obs_core::{FieldValue, Secret, ServiceIdentity, SpanId, TraceFlags, TraceId, TraceState};
use obs_otlp::{Counts, EnvelopeTarget, ExportSettings, Exporter, OtlpTarget, Protocol};

/// A server span and its child.
pub(crate) fn exchange(name: &'static str) -> Vec<SpanRecord> {
    let trace_id = TraceId::random();
    let server = SpanRecord {
        trace_id,
        span_id: SpanId::random(),
        parent: SpanId::from_u64(0x00f0_67aa_0ba9_02b7),
        parent_is_remote: true,
        flags: TraceFlags::from_bits(0xa3),
        trace_state: TraceState::parse(b"congo=t61rcWkgMzE,ot=th:c,rojo=00f067aa0ba902b7"),
        name: name.into(),
        kind: SpanKind::Server,
        start: Duration::new(1_700_000_000, 1),
        end: Duration::new(1_700_000_000, 5_000_001),
        attributes: vec![
            ("http.request.method".into(), "GET".into()),
            ("http.response.status_code".into(), 503.into()),
            ("cached".into(), false.into()),
            ("ratio".into(), 0.25.into()),
            ("small".into(), 7_u64.into()),
            ("big".into(), u64::MAX.into()),
            (Cow::Owned("cart.note".to_owned()), FieldValue::Text("grüße \"x\"\n".into())),
        ],
        dropped_attributes: 3,
        error: Some("the database is gone".to_owned()),
    };
    let child = SpanRecord {
        span_id: SpanId::random(),
        parent: Some(server.span_id),
        parent_is_remote: false,
        name: "load".into(),
        kind: SpanKind::Internal,
        attributes: Vec::new(),
        dropped_attributes: 0,
        error: None,
        ..server.clone()
    };
    vec![server, child]
}

pub(crate) fn envelope(body: &str) -> Envelope {
    Envelope { body: body.as_bytes().to_vec() }
}

/// Settings for tests: no waiting for more.
pub(crate) fn settings(target: OtlpTarget) -> ExportSettings {
    ExportSettings {
        traces: Some(target),
        interval: Duration::from_millis(10),
        ..ExportSettings::default()
    }
}

pub(crate) fn service() -> ServiceIdentity {
    let mut service = ServiceIdentity::default();
    "orders".clone_into(&mut service.name);
    "1.2.3".clone_into(&mut service.version);
    "testing".clone_into(&mut service.environment);
    "abc123".clone_into(&mut service.revision);
    let given = [("k8s.pod.name", "orders-1"), ("telemetry.sdk.language", "ours")];
    service.attributes = given.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
    service
}

pub(crate) fn spans_to(endpoint: &str, protocol: Protocol) -> Exporter {
    Exporter::start(&settings(OtlpTarget::new(endpoint, protocol)), &service(), None)
}

pub(crate) fn auth() -> Secret<String> {
    Secret::new("Sentry sentry_version=7, sentry_key=hunter2".to_owned())
}

pub(crate) fn errors_to(url: &str) -> Exporter {
    let target = EnvelopeTarget::new(url, auth());
    Exporter::start(&ExportSettings::default(), &service(), Some(target))
}

/// The endpoint of something that listens at `port`.
pub(crate) fn endpoint(port: u16, protocol: Protocol) -> String {
    match protocol {
        Protocol::Http => format!("http://127.0.0.1:{port}/v1/traces"),
        _ => format!("http://127.0.0.1:{port}"),
    }
}

/// Waits for `done`, at most ten seconds.
pub(crate) fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !done() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        sleep(Duration::from_millis(5));
    }
}

/// After the shutdown everything is written or lost.
pub(crate) fn assert_conserved(counts: Counts, accepted: u64) {
    assert_eq!(counts.accepted, accepted);
    assert_eq!(counts.written + counts.dropped, accepted, "{counts:?}");
}

/// A sample as the exporter shows it, such as `obs_export_dropped_total traces timeout`.
pub(crate) fn sample(exporter: &Exporter, name: &str) -> u64 {
    samples(exporter).into_iter().find(|(key, _)| key == name).unwrap_or_default().1
}

pub(crate) fn samples(exporter: &Exporter) -> Vec<(String, u64)> {
    struct Samples(Vec<(String, u64)>, String);
    impl Collector for Samples {
        fn family(&mut self, family: &Family<'_>) {
            family.name.clone_into(&mut self.1);
        }
        fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
            let values: Vec<_> = labels.iter().map(|(_, value)| *value).collect();
            let Value::Integer(value) = value else { return };
            self.0.push((format!("{} {}", self.1, values.join(" ")), value));
        }
    }
    let mut samples = Samples(Vec::new(), String::new());
    exporter.collect(&mut samples);
    samples.0
}
