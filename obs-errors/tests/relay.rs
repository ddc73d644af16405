//! The vendor's own normaliser finds no fault in what we produce.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod common;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use common::{NoHeaders, Request, Service, chain, order, service, service_with, settings};
use obs_core::{ErrorRecord, Exchange, Outcome};
use obs_testing::Tool;
use serde_json::Value;

const RELAY: Tool = Tool { package: "sentry-relay", version: "0.10.1", binary: "python" };

/// One event per line in, one line of faults per event out.
const SCRIPT: &str = "
import json, sys
from sentry_relay.processing import StoreNormalizer
for line in sys.stdin:
    event = StoreNormalizer(project_id=1).normalize_event(raw_event=line)
    meta = event.pop('_meta', {})
    print(json.dumps({'errors': event.get('errors') or [], 'meta': meta, 'event': event}))
";

/// What the normaliser makes of each event.
fn normalise(python: &std::path::Path, events: &[Value]) -> Vec<Value> {
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let text: String = events.iter().map(|event| format!("{event}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let normalised: Vec<_> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(normalised.len(), events.len());
    normalised
}

fn ordinary(service: &Service) {
    service.exchange(order(), 500, Outcome::Complete, |context| {
        context.record_error(chain());
        context.add("cart.items", 3);
        context.add("ratio", 0.5);
        context.add("big", u64::MAX);
        context.add("type", 7);
        context.add("shop", "north");
        context.add("b2b", true);
    });
    service.answer(503);
    service.exchange(order(), 200, Outcome::BodyError, |_| {});
    service.panic(order(), |_| panic!("boom"));
    service.job("nightly-report", Err("disk full".to_owned()));
    // Without the tracing signal.
    let mut untraced = Exchange::begin(service.lifecycle.clone(), order(), &NoHeaders);
    untraced.headers(common::head(500));
    untraced.finish(Outcome::Complete);
}

fn hostile(service: &Service) {
    let texts =
        ["", " ", "\0\n\r", "\"}\\", "\u{2028}\u{202e}\u{1F600}", "<img src=x>", "%s %n ${x}"];
    let long = "é/x ".repeat(3000);
    for text in texts.iter().copied().chain([long.as_str()]) {
        let request = Request {
            method: text.to_owned(),
            path: text.to_owned(),
            route: Some(Arc::from(text)),
        };
        service.exchange(request, 999, Outcome::Complete, |context| {
            let mut record = ErrorRecord::of_text("", text);
            record.location = Some(format!("{text}:1:2"));
            context.record_error(record);
            context.add("", text.to_owned());
            context.add("a\nb", f64::NAN);
            context.add("trace_id", f64::INFINITY);
        });
    }
}

#[test]
fn the_normaliser_finds_no_fault() {
    let Some(bin) = RELAY.find("the_normaliser_finds_no_fault") else {
        return;
    };
    let service = service();
    ordinary(&service);
    let ordinary = service.sink.events();
    hostile(&service);
    let mut named = settings();
    named.release = Some("a/b\tc ".repeat(100));
    named.environment = Some("x\n/".repeat(100));
    let named = service_with(named);
    named.answer(500);
    let mut events = service.sink.events();
    events.extend(named.sink.events());
    events.push(serde_json::json!({"level": "eror"}));

    let mut normalised = normalise(&bin.join(RELAY.binary), &events);
    let control = normalised.pop().unwrap();
    assert_ne!(control["errors"], serde_json::json!([]), "it can find a fault");
    for (event, normal) in events.iter().zip(&normalised) {
        assert_eq!(normal["errors"], serde_json::json!([]), "{event:#}");
    }
    for (event, normal) in ordinary.iter().zip(&normalised) {
        assert_eq!(normal["meta"], serde_json::json!({}), "nothing was changed: {event:#}");
        let kept = &normal["event"];
        for part in ["transaction", "level", "release", "environment", "platform"] {
            assert_eq!(kept[part], event[part], "{part}");
        }
        // An event without a trace gets a random one there.
        if let Some(trace) = event["contexts"].get("trace") {
            assert_eq!(kept["contexts"]["trace"]["trace_id"], trace["trace_id"]);
        }
        assert_eq!(kept["request"]["url"], event["request"]["url"]);
    }
}
