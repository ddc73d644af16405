//! What the log is told: changes, once, without secrets, and nothing of the libraries below.
//!
//! One test, since the subscriber is the process' own.

mod common;

use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use common::{endpoint, envelope, exchange, service, wait_for};
use obs_core::Secret;
use obs_otlp::{EnvelopeTarget, Exporter, OtlpTarget, Protocol};
use obs_testing::{OK, Scripted};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn lines() -> Vec<String> {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn line(line: String) {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).push(line);
}

/// Wants everything, of every level and every crate.
struct Lines;

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        std::thread::current().name() == Some("obs-export") || metadata.target() == "obs"
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        line(format!("span {}", span.metadata().name()));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        struct Text(String);
        impl Visit for Text {
            fn record_debug(&mut self, _: &Field, value: &dyn Debug) {
                self.0 = format!("{} {value:?}", self.0);
            }
        }
        let mut text = Text(event.metadata().level().to_string());
        event.record(&mut text);
        line(text.0);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn changes_once_without_secrets() {
    tracing::subscriber::set_global_default(Lines).unwrap();
    let peer = Scripted::new(&["401 hunter2\r\n", "403 hunter2\r\n", OK]);
    let mut target = OtlpTarget::new(endpoint(peer.port, Protocol::Http), Protocol::Http);
    target.headers = vec![("api-key".to_owned(), Secret::new("hunter2".to_owned()))];
    let errors = EnvelopeTarget::new(
        "http://me:hunter2@127.0.0.1:1/api/7/envelope/",
        Secret::new("Sentry sentry_key=hunter2".to_owned()),
    );
    let shown = format!("{target:?} {errors:?}");
    let exporter = Exporter::start(&common::settings(target), &service(), Some(errors));
    exporter.envelopes().unwrap().push(envelope("hunter2"));
    for dropped in [2, 4, 4, 4] {
        exporter.spans().unwrap().push(exchange("GET /"));
        assert_eq!(exporter.flush(Duration::from_secs(8)).traces.dropped, dropped);
    }
    let to = endpoint(peer.port, Protocol::Http);
    wait_for("three lines", || lines().len() >= 3);
    let shown = format!("{shown} {exporter:?}");
    exporter.shutdown(Duration::from_secs(8));
    let mut lines = lines();
    lines.sort();
    assert_eq!(
        lines,
        [
            format!("INFO export of spans to {to} works again"),
            "WARN export of error events to http://[redacted]@127.0.0.1:1/api/7/envelope/ fails: \
             not an http:// or https:// URL; what is lost is counted"
                .to_owned(),
            format!(
                "WARN export of spans to {to} fails: the answer is 401 Unauthorized; \
                 what is lost is counted"
            ),
        ]
    );
    assert!(!format!("{shown} {lines:?}").contains("hunter2"), "{shown}");
}
