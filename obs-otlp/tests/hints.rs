//! The usual mistakes in an endpoint: the log names what to change.
//!
//! One test, since the subscriber is the process' own.

#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

mod common;

use std::fmt::Debug;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use common::collector::Grpc;
use common::{exchange, spans_to, wait_for};
use obs_otlp::Protocol;
use obs_testing::Scripted;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Lines;

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "obs"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
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
        let mut text = Text(String::new());
        event.record(&mut text);
        LINES.lock().unwrap_or_else(PoisonError::into_inner).push(text.0);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// The port of a server without TLS: it takes the first bytes of TLS for a bad request.
fn plain() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for peer in listener.incoming() {
            let mut peer = peer.unwrap();
            let _ = peer.read(&mut [0; 1024]);
            let _ = peer.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
    });
    port
}

#[test]
fn a_usual_mistake_in_an_endpoint_is_explained() {
    tracing::subscriber::set_global_default(Lines).unwrap();
    let grpc = Grpc::new(&[|| Ok(Default::default())]);
    let not_found = || Scripted::new(&["404 Not Found\r\n"]);
    let (http, short) = (not_found(), not_found());
    for (endpoint, protocol, hint) in [
        (
            format!("http://127.0.0.1:{}/v1/traces", grpc.port),
            Protocol::Http,
            "set OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
        ),
        (
            format!("http://127.0.0.1:{}", http.port),
            Protocol::Grpc,
            "set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
        ),
        (
            format!("https://127.0.0.1:{}/v1/traces", plain()),
            Protocol::Http,
            "should the endpoint begin with http://?",
        ),
        (
            format!("http://127.0.0.1:{}/", short.port),
            Protocol::Http,
            "does it lack /v1/traces or /v1/metrics?",
        ),
    ] {
        let exporter = spans_to(&endpoint, protocol);
        exporter.spans().unwrap().push(exchange("GET /"));
        let lines = || LINES.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let of = |line: &String| line.contains(&format!("{endpoint} fails"));
        wait_for(&endpoint, || lines().iter().any(of));
        let line = lines().into_iter().find(of).unwrap();
        assert!(line.contains(hint), "{line}");
        exporter.shutdown(Duration::from_millis(100));
    }
}
