//! One line per finished request and job.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use obs_core::{Clock, ErrorRecord, Exchange, Head, Lifecycle, Outcome, is_display_control};
use obs_logging::{Logging, LoggingSettings};
use serde_json::json;

use self::common::{Get, GivenId, Line, Log, Memory, SOON, SPAN, TRACE};

const HEAD: Head = Head { status: 200, bodyless: true, length: None, streaming: false };

#[test]
fn the_whole_line() {
    let memory = Memory::default();
    let (clock, hand) = Clock::fake();
    let logging = Logging::with_output(
        LoggingSettings::default(),
        &common::service(),
        clock.clone(),
        Box::new(memory.clone()),
    );
    let lifecycle = Arc::new(Lifecycle::new(logging.access_log()).with_clock(clock.clone()));
    let mut exchange = Exchange::begin(lifecycle, Get::default(), &GivenId("order-42"));
    exchange.context().unwrap().add("cart.items", 3);
    hand.advance(Duration::from_micros(12_340));
    exchange.headers(HEAD);
    assert!(logging.flush(SOON));
    let at = clock.unix(clock.now());
    let at = jiff::Timestamp::from_millisecond(at.as_millis() as i64).unwrap();
    let expected = format!(
        r#"{{"timestamp":"{at:.3}","level":"INFO","message":"HTTP Request","service":"orders","environment":"test","target":"obs.access","request_id":"order-42","method":"GET","path":"/orders/42","route":"/orders/{{id}}","status_code":200,"duration_ms":12.34,"outcome":"complete","cart.items":3}}"#,
    );
    assert_eq!(memory.text(), expected + "\n");
}

#[test]
fn a_failed_request() {
    let log = Log::json();
    let mut exchange = log.begin(Get { route: None, ..Get::default() });
    let mut error = ErrorRecord::of_text("OrderError", "cannot place the order");
    error.chain.push("no stock".to_owned());
    exchange.context().unwrap().record_error(error);
    exchange.headers(Head { status: 503, ..HEAD });
    let line = log.line();
    assert_eq!((line.str("level"), line.str("route")), ("ERROR", "unknown"));
    assert_eq!(line.str("error"), "cannot place the order: no stock");
    assert_eq!((line.str("trace_id"), line.str("span_id")), (TRACE, SPAN));
}

#[test]
fn every_ending() {
    let log = Log::json();
    let bodied = Head { bodyless: false, length: Some(5), ..HEAD };
    let mut exchange = log.begin(Get::default());
    exchange.headers(bodied);
    exchange.finish(Outcome::BodyError);
    let mut exchange = log.begin(Get::default());
    exchange.headers(bodied);
    drop(exchange);
    drop(log.begin(Get::default()));
    let mut exchange = log.begin(Get::default());
    let panic = std::panic::AssertUnwindSafe(|| exchange.in_scope(|| panic!("expected")));
    assert!(std::panic::catch_unwind(panic).is_err());
    drop(exchange);
    let lines = log.lines();
    let ends: Vec<_> =
        lines.iter().map(|line| (line.get("status_code").unwrap(), line.str("outcome"))).collect();
    assert_eq!(
        ends,
        [
            (&json!(200), "body_error"),
            (&json!(200), "cancelled_in_body"),
            (&json!(499), "cancelled"),
            (&json!(500), "panic"),
        ]
    );
    assert_eq!(lines[3].str("level"), "ERROR");
    assert_eq!(lines[2].str("level"), "INFO");
}

#[test]
fn what_a_client_sends_is_escaped_and_bounded() {
    let log = Log::json();
    let path: &'static str = "/é\u{1b}\"".repeat(10_000).leak();
    let method = "X\"Y".repeat(50).leak();
    log.begin(Get { method, path, route: None }).headers(HEAD);
    let text = log.text();
    assert!(text.len() < 4096 && text.lines().count() == 1, "{text}");
    let line = log.line();
    assert!(line.str("method").starts_with("X\"Y") && line.str("method").ends_with('…'));
    assert!(line.str("path").starts_with("/é\u{1b}\"") && line.str("path").ends_with('…'));
    assert_eq!(line.get("status_code"), Some(&json!(200)));
    assert_eq!(line.get("line_cut"), Some(&json!(true)));
}

#[test]
fn letters_that_command_a_display_are_escaped() {
    let log = Log::json();
    let path = "/\u{9b}2J\u{202e}gpj\u{2028}\u{7f}é…";
    log.begin(Get { path, ..Get::default() }).headers(HEAD);
    let text = log.text();
    assert!(
        !text.contains(|letter: char| is_display_control(letter) && letter != '\n'),
        "{text:?}"
    );
    assert!(text.contains(r#""path":"/\u009b2J\u202egpj\u2028\u007fé…""#), "{text}");
    assert_eq!(log.line().str("path"), path);
}

#[tokio::test]
async fn jobs() {
    let log = Log::json();
    let lifecycle = log.lifecycle();
    lifecycle.job("report", async { Ok::<_, &str>(()) }).await.unwrap();
    lifecycle.job("report", async { Err::<(), _>("no paper") }).await.unwrap_err();
    let mut never = Box::pin(lifecycle.job("report", std::future::pending::<Result<(), &str>>()));
    tokio::select! { biased; _ = &mut never => {}, () = async {} => {} }
    drop(never);
    let panics = lifecycle.job("report", async {
        assert!(std::hint::black_box(false), "expected");
        Ok::<_, &str>(())
    });
    assert!(tokio::spawn(panics).await.is_err());
    let lines = log.lines();
    let end = |line: &Line| (line.str("level").to_owned(), line.str("outcome").to_owned());
    let ends: Vec<_> = lines.iter().map(end).collect();
    let expected =
        [("INFO", "complete"), ("ERROR", "failed"), ("INFO", "cancelled"), ("ERROR", "panic")];
    assert_eq!(ends, expected.map(|(level, outcome)| (level.to_owned(), outcome.to_owned())));
    assert_eq!(lines[1].keys()[9..], ["job", "duration_ms", "outcome", "error"]);
    assert_eq!((lines[1].str("message"), lines[1].str("job")), ("Job", "report"));
    assert_eq!(lines[1].str("error"), "no paper");
}

#[test]
fn when_it_is_written() {
    let lines = |settings: LoggingSettings| {
        let log = Log::new(settings);
        log.begin(Get::default()).headers(HEAD);
        log.begin(Get::default()).headers(Head { status: 500, ..HEAD });
        log.text().lines().count()
    };
    for (levels, count) in [
        ("info", 2),
        ("error", 2),
        ("my_crate=debug", 2),
        ("off", 0),
        ("off,my_crate=debug", 0),
        ("info,obs.access=error", 1),
        ("info,obs.access=off", 0),
        ("off,obs.access=info", 2),
    ] {
        let mut settings = LoggingSettings::default();
        settings.levels = levels.parse().unwrap();
        assert_eq!(lines(settings.clone()), count, "{levels}");
        settings.access_log = false;
        assert_eq!(lines(settings), 0, "{levels}");
    }
}
