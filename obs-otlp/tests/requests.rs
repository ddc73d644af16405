//! What is sent.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod common;

use std::io::Read;
use std::time::Duration;

use common::collector::Grpc;
use common::{auth, endpoint, envelope, exchange, service, settings};
use obs_core::Secret;
use obs_core::export::SpanRecord;
use obs_otlp::{Compression, EnvelopeTarget, ExportSettings, Exporter, OtlpTarget, Protocol};
use obs_testing::{OK, Scripted};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use proptest::prelude::*;
use prost::Message;

const SECONDS: Duration = Duration::from_secs(8);

fn with(protocol: Protocol, port: u16, compression: Compression) -> Exporter {
    let mut target = OtlpTarget::new(endpoint(port, protocol), protocol);
    target.headers = vec![
        ("api-key".to_owned(), Secret::new("hunter2".to_owned())),
        ("not a header".to_owned(), Secret::new("x".to_owned())),
    ];
    target.compression = compression;
    Exporter::start(&settings(target), &service(), None)
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

fn value(attributes: &[KeyValue], key: &str) -> Option<Value> {
    attributes.iter().find(|one| one.key == key)?.value.clone()?.value
}

fn check(request: &ExportTraceServiceRequest, sent: &[SpanRecord]) {
    let [resource_spans] = &request.resource_spans[..] else { panic!("{request:?}") };
    let resource = &resource_spans.resource.as_ref().unwrap().attributes;
    let text = |key: &str| match value(resource, key) {
        Some(Value::StringValue(text)) => text,
        other => panic!("{key}: {other:?}"),
    };
    assert_eq!(text("service.name"), "orders");
    assert_eq!(text("service.version"), "1.2.3");
    assert_eq!(text("deployment.environment.name"), "testing");
    assert_eq!(text("service.instance.id").len(), 36);
    assert_eq!(text("vcs.ref.head.revision"), "abc123");
    assert_eq!(text("k8s.pod.name"), "orders-1");
    assert_eq!(text("telemetry.sdk.language"), "ours", "what is given is right");
    assert_eq!(resource.iter().filter(|one| one.key == "telemetry.sdk.language").count(), 1);
    let spans = &resource_spans.scope_spans[0].spans;
    assert_eq!(spans.len(), sent.len());
    for (span, record) in spans.iter().zip(sent) {
        check_span(span, record);
    }
}

fn check_span(span: &Span, record: &SpanRecord) {
    assert_eq!(span.trace_id, record.trace_id.to_u128().to_be_bytes());
    assert_eq!(span.span_id, record.span_id.to_u64().to_be_bytes());
    let parent = record.parent.map(|id| id.to_u64().to_be_bytes().to_vec()).unwrap_or_default();
    assert_eq!(span.parent_span_id, parent);
    assert_eq!(span.flags & 0xff, 0xa3, "all eight flags of the trace");
    assert_eq!(span.trace_state, "congo=t61rcWkgMzE,ot=th:c,rojo=00f067aa0ba902b7");
    assert_eq!(span.flags & 0x100, 0x100);
    assert_eq!(span.flags & 0x200 != 0, record.parent_is_remote);
    assert_eq!(span.name, record.name);
    assert_eq!(u128::from(span.start_time_unix_nano), record.start.as_nanos());
    assert_eq!(u128::from(span.end_time_unix_nano), record.end.as_nanos());
    assert_eq!(span.dropped_attributes_count, record.dropped_attributes);
    assert_eq!(span.attributes.len(), record.attributes.len());
    let status = span.status.as_ref().map(|status| (status.code, status.message.as_str()));
    assert_eq!(status, record.error.as_deref().map(|message| (2, message)));
}

#[test]
fn http_plain_and_gzip() {
    for compression in [Compression::None, Compression::Gzip] {
        let peer = Scripted::new(&[OK]);
        let exporter = with(Protocol::Http, peer.port, compression);
        let sent = exchange("GET /orders/{id}");
        exporter.spans().unwrap().push(sent.clone());
        assert_eq!(exporter.shutdown(SECONDS).traces.written, 2);
        let [got] = &peer.got()[..] else { panic!() };
        assert!(got.head.starts_with("post /v1/traces http/1.1\r\n"), "{}", got.head);
        assert!(got.head.contains("content-type: application/x-protobuf\r\n"));
        assert!(got.head.contains("api-key: hunter2\r\n"));
        assert!(got.head.contains("user-agent: obs-otlp/"));
        let gzip = compression == Compression::Gzip;
        assert_eq!(got.head.contains("content-encoding: gzip\r\n"), gzip);
        let body = if gzip { gunzip(&got.body) } else { got.body.clone() };
        let request = ExportTraceServiceRequest::decode(&*body).unwrap();
        check(&request, &sent);
        let attributes = &request.resource_spans[0].scope_spans[0].spans[0].attributes;
        for (key, expected) in [
            ("http.request.method", Value::StringValue("GET".to_owned())),
            ("http.response.status_code", Value::IntValue(503)),
            ("cached", Value::BoolValue(false)),
            ("ratio", Value::DoubleValue(0.25)),
            ("small", Value::IntValue(7)),
            ("big", Value::StringValue(u64::MAX.to_string())),
            ("cart.note", Value::StringValue("grüße \"x\"\n".to_owned())),
        ] {
            assert_eq!(value(attributes, key), Some(expected));
        }
    }
}

#[test]
fn grpc_with_metadata() {
    let peer = Grpc::new(&[|| Ok(Default::default())]);
    let exporter = with(Protocol::Grpc, peer.port, Compression::None);
    let sent = exchange("GET /orders/{id}");
    exporter.spans().unwrap().push(sent.clone());
    assert_eq!(exporter.shutdown(SECONDS).traces.written, 2);
    peer.first(|request| {
        assert_eq!(request.metadata().get("api-key").unwrap(), "hunter2");
        assert!(
            request
                .metadata()
                .get("user-agent")
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("obs-otlp/")
        );
        check(request.get_ref(), &sent);
    });
}

#[test]
fn exchanges_travel_together() {
    let peer = Scripted::new(&[OK]);
    let target = OtlpTarget::new(endpoint(peer.port, Protocol::Http), Protocol::Http);
    let settings = ExportSettings {
        traces: Some(target),
        interval: Duration::from_secs(60),
        ..ExportSettings::default()
    };
    let exporter = Exporter::start(&settings, &service(), None);
    let sink = exporter.spans().unwrap();
    for _ in 0..100 {
        sink.push(exchange("GET /"));
    }
    sink.push(Vec::new());
    assert_eq!(
        exporter.flush(SECONDS).traces.written,
        200,
        "a flush does not wait for the interval"
    );
    assert_eq!(peer.got().len(), 1);
    exporter.shutdown(SECONDS);
}

#[test]
fn envelopes_plain_and_gzip() {
    for compression in [Compression::None, Compression::Gzip] {
        let peer = Scripted::new(&[OK]);
        let mut target = EnvelopeTarget::new(peer.url(), auth());
        target.compression = compression;
        let exporter = Exporter::start(&ExportSettings::default(), &service(), Some(target));
        assert!(exporter.spans().is_none());
        let sink = exporter.envelopes().unwrap();
        let body = "{\"event_id\":\"1\"}\n{\"type\":\"event\"}\n{}\n";
        sink.push(envelope(body));
        sink.push(envelope("second"));
        assert!(sink.flush(SECONDS));
        assert_eq!(exporter.shutdown(SECONDS).errors.written, 2);
        let got = peer.got();
        assert_eq!(got.len(), 2, "one request for each");
        let head = &got[0].head;
        assert!(head.starts_with("post /api/7/envelope/ http/1.1\r\n"), "{head}");
        assert!(head.contains("content-type: application/x-sentry-envelope\r\n"));
        assert!(head.contains("x-sentry-auth: sentry sentry_version=7, sentry_key=hunter2\r\n"));
        let gzip = compression == Compression::Gzip;
        assert_eq!(head.contains("content-encoding: gzip\r\n"), gzip);
        let sent = if gzip { gunzip(&got[0].body) } else { got[0].body.clone() };
        assert_eq!(sent, body.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn whatever_a_span_holds_arrives(
        name in any::<String>(),
        key in any::<String>(),
        text in any::<String>(),
        error in any::<Option<String>>(),
        number in any::<u64>(),
        times in any::<(u32, u32)>(),
    ) {
        let peer = Scripted::new(&[OK]);
        let exporter = with(Protocol::Http, peer.port, Compression::Gzip);
        let mut sent = exchange("GET /");
        sent[0].name = name.into();
        sent[0].error = error;
        sent[0].start = Duration::from_nanos(times.0.into());
        sent[0].end = Duration::from_nanos(times.1.into());
        sent[0].attributes = vec![(key.clone().into(), text.clone().into()), ("n".into(), number.into())];
        exporter.spans().unwrap().push(sent.clone());
        prop_assert_eq!(exporter.shutdown(SECONDS).traces.written, 2);
        let request = ExportTraceServiceRequest::decode(&*gunzip(&peer.got()[0].body)).unwrap();
        check(&request, &sent);
        let attributes = &request.resource_spans[0].scope_spans[0].spans[0].attributes;
        prop_assert_eq!(value(&attributes[..1], &key), Some(Value::StringValue(text)));
        let expected = i64::try_from(number)
            .map_or_else(|_| Value::StringValue(number.to_string()), Value::IntValue);
        prop_assert_eq!(value(&attributes[1..], "n"), Some(expected));
    }
}
