//! What a client sends in confidence, and what drivers put into error texts, is in no sink.

use std::io;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Response};
use obs_testing::{OK, Scripted};
use rustix::process::Signal;
use serde_json::Value;

use crate::app::{Flavor, start};
use crate::harness::{Client, Protocol, get};
use crate::lines::{self, only};

/// Texts with a secret in the place of `CANARY`.
const TEXTS: [(&str, &str); 16] = [
    ("url", "cannot reach postgres://shop:CANARY@db:5432/orders"),
    ("url_with_marks", "cannot reach postgres://shop:a&CANARY,b;c@db:5432/orders"),
    ("pair", "login failed: user=shop password=CANARY dbname=orders"),
    ("quoted_pair", "bad conninfo host=db password='x CANARY' user=shop"),
    ("spaced_pair", "in line 3: api_key = \"CANARY\""),
    ("query", "GET https://pay.example.com/v1?token=CANARY&amount=3 timed out"),
    ("authorization", "refused by upstream, authorization: Bearer CANARY"),
    ("bearer", "refused Bearer CANARY"),
    ("basic", "refused Basic CANARY=="),
    ("json", r#"upstream said {"user":"shop","password":"CANARY"}"#),
    ("spaced_json", r#"upstream said {"client_secret": "CANARY", "n": 1}"#),
    ("escaped_json", r#"body "{\"access_token\":\"CANARY\"}" is no order"#),
    ("debug", r#"Config { host: "db", password: "CANARY" }"#),
    ("debug_option", r#"Config { host: "db", token: Some("CANARY") }"#),
    ("header", "sent X-Api-Key: CANARY"),
    ("cookie", "sent Cookie: theme=dark; session=CANARY"),
];

const CANARY: &str = "Tw33tyC4nary";
const REDACTED: &str = "[redacted]";

fn text(case: &str) -> String {
    let (_, text) = TEXTS.iter().find(|(known, _)| *known == case).unwrap();
    text.replace("CANARY", CANARY)
}

#[derive(Debug, thiserror::Error)]
#[error("payment failed")]
struct Payment(#[source] io::Error);

/// A handler that says its secret wherever it can.
#[tracing::instrument(skip(how), fields(note = text(&case), password = CANARY))]
pub(crate) async fn handler(Path((case, how)): Path<(String, String)>) -> Response {
    let text = text(&case);
    tracing::warn!(%case, cause = text, session_token = CANARY, "{text}");
    obs_axum::add("cause", text.clone());
    obs_axum::add("api_key", CANARY);
    if how == "panic" {
        panic!("{text}");
    }
    let failure = (StatusCode::BAD_GATEWAY, [(SET_COOKIE, format!("session={CANARY}"))]);
    obs_axum::attach(&Payment(io::Error::other(text)), failure).into_response()
}

/// A health check that says all of them.
pub(crate) async fn check() -> Result<(), io::Error> {
    let all: Vec<_> = TEXTS.iter().take(2).map(|(case, _)| text(case)).collect();
    Err(io::Error::other(all.join("; ")))
}

/// Everything that came out of the service.
struct Sinks {
    stdout: String,
    stderr: String,
    exported: String,
    events: Vec<String>,
    pushed: String,
    metrics: String,
    health: String,
}

/// Every text, as an error and as a panic.
fn paths() -> impl Iterator<Item = String> {
    let both = |case| ["error", "panic"].map(|how| format!("/secrets/{case}/{how}"));
    TEXTS.into_iter().flat_map(move |(case, _)| both(case))
}

async fn plant(client: &mut Client, path: &str) {
    let target = format!("{path}?token={CANARY}&password={CANARY}&q={CANARY}");
    let headers = [
        ("authorization", &*format!("Bearer {CANARY}")),
        ("cookie", &format!("session={CANARY}")),
        ("x-api-key", CANARY),
        ("referer", &format!("https://shop.example.com/?token={CANARY}")),
        ("user-agent", "test/1"),
    ];
    let answer = client.call("GET", &target, &headers).await.unwrap();
    assert_eq!(answer.status, if path.ends_with("panic") { 500 } else { 502 });
    assert!(!answer.text().contains(CANARY));
}

async fn run() -> Sinks {
    let (collector, tracker) = (Scripted::new(&[OK]), Scripted::new(&[OK]));
    // What fails is told.
    let gateway = Scripted::new(&["401 Unauthorized\r\n"]);
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://127.0.0.1:{}", collector.port)),
        ("OTEL_EXPORTER_OTLP_HEADERS", format!("api-key={CANARY}")),
        ("OTEL_METRICS_EXPORTER", "otlp".to_owned()),
        ("OBS_PUSHGATEWAY_URL", format!("http://me:{CANARY}@127.0.0.1:{}", gateway.port)),
        ("SENTRY_DSN", format!("http://{CANARY}@127.0.0.1:{}/7", tracker.port)),
        ("RUST_LOG", "trace".to_owned()),
    ];
    let mut service = start(Flavor::Multi, 1, &variables).await;
    let mut client = Client::connect(service.addr, Protocol::Http1).await;
    for path in paths() {
        plant(&mut client, &path).await;
    }
    let metrics = get(service.addr, "/metrics").await.text().to_owned();
    let health = get(service.addr, "/health").await.text().to_owned();
    service.signal(Signal::TERM);
    assert!(service.exit().await.success());
    let [stdout, stderr] = service.output();
    let bodies = |peer: &Scripted| peer.got().into_iter().map(|got| lossy(&got.body)).collect();
    let exported: Vec<String> = bodies(&collector);
    let pushed: Vec<String> = bodies(&gateway);
    assert!(gateway.got()[0].head.contains("authorization: basic "), "it has its password");
    Sinks {
        stdout,
        stderr,
        exported: exported.concat(),
        events: bodies(&tracker),
        pushed: pushed.concat(),
        metrics,
        health,
    }
}

/// Names and texts are in the messages of OTLP as they are.
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn a_secret_is_in_no_sink() {
    let sinks = run().await;
    every_sink_has_its_part(&sinks);
    let (events, stderr) = (sinks.events.concat(), without_panics(&sinks.stderr));
    let leaks: Vec<_> = [
        ("standard output", &sinks.stdout),
        ("standard error", &stderr),
        ("the collector", &sinks.exported),
        ("the push gateway", &sinks.pushed),
        ("the error tracker", &events),
        ("/metrics", &sinks.metrics),
        ("/health", &sinks.health),
    ]
    .into_iter()
    .flat_map(|(sink, text)| text.lines().map(move |line| (sink, line)))
    .filter(|(_, line)| line.contains(CANARY))
    .collect();
    assert!(leaks.is_empty(), "{} leaks: {leaks:#?}", leaks.len());
}

/// Rust's own panic hook prints what a panic says, as it is: the message below its place.
fn without_panics(stderr: &str) -> String {
    let mut hook = false;
    let ours = stderr.lines().filter(|line| {
        let message = std::mem::replace(&mut hook, line.contains(" panicked at "));
        !message
    });
    ours.collect::<Vec<_>>().join("\n")
}

/// What would be in them is there, redacted.
fn every_sink_has_its_part(sinks: &Sinks) {
    let log = lines::parse(&sinks.stdout);
    for path in paths() {
        let access = only(&log, &path, |line| line["path"] == path.as_str());
        assert!(access["error"].to_string().contains(REDACTED), "{access:#}");
        assert!(access["cause"].to_string().contains(REDACTED), "{access:#}");
        assert_eq!(access["api_key"], REDACTED);
        let quoted = format!("\"{path}\"");
        let events: Vec<_> = sinks.events.iter().filter(|event| event.contains(&quoted)).collect();
        assert!(events.len() == 1 && events[0].contains(REDACTED), "{events:#?}");
        assert!(sinks.exported.contains(&path) && sinks.exported.contains(REDACTED));
    }
    let own = |line: &&Value| line["target"].as_str().is_some_and(|it| it.ends_with("secrets"));
    let own: Vec<_> = log.iter().filter(own).collect();
    assert_eq!(own.len(), paths().count());
    for line in own {
        for key in ["message", "cause", "note", "password", "session_token"] {
            assert!(line[key].to_string().contains(REDACTED), "{key}: {line:#}");
        }
    }
    only(&log, "the failing check", |line| {
        let message = line["message"].as_str().unwrap_or_default();
        message.starts_with("health check \"cache\" fails") && message.contains(REDACTED)
    });
    assert!(sinks.health.contains("cache"), "{}", sinks.health);
    only(&log, "the failing push", |line| {
        let message = line["message"].as_str().unwrap_or_default();
        message.starts_with("push of metrics to http://127.0.0.1:") && message.contains("401")
    });
    for sink in [&sinks.metrics, &sinks.pushed, &sinks.exported] {
        assert!(sink.contains("/secrets/{case}/{how}"));
    }
    assert!(sinks.exported.contains("http_requests_total"), "metrics too");
}
