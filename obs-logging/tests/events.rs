//! Lines of the application's own events.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use std::io;

use obs_core::Head;
use serde_json::json;

use self::common::{Get, Log, SPAN, TRACE};

#[test]
fn the_whole_line() {
    let log = Log::json();
    log.run(|| {
        tracing::warn!(
            target: "orders::cart",
            count = 3,
            total = 12.5,
            paid = true,
            sku = "a\"b\n",
            who = ?Some(1),
            "cart {}",
            "checked"
        );
    });
    let expected = format!(
        r#"{{"timestamp":"{}","level":"WARN","message":"cart checked","service":"orders","environment":"test","target":"orders::cart","count":3,"total":12.5,"paid":true,"sku":"a\"b\n","who":"Some(1)"}}"#,
        log.time()
    );
    assert_eq!(log.text(), expected + "\n");
}

#[test]
fn an_event_of_a_request_carries_its_ids() {
    let log = Log::json();
    log.run(|| {
        log.begin(Get::default()).in_scope(|| tracing::info!(count = 1, "hello"));
    });
    let line = &log.lines()[0];
    let ids = ["request_id", "trace_id", "span_id"];
    let head = ["timestamp", "level", "message", "service", "environment", "target"];
    assert_eq!(line.keys(), [&head[..], &ids[..], &["count"]].concat());
    assert_eq!(ids.map(|id| line.str(id)), ["order-42", TRACE, SPAN]);
}

#[test]
fn spans_give_their_fields_from_inner_to_outer() {
    let log = Log::json();
    log.run(|| {
        let _outer = tracing::info_span!("outer", a = 1, b = 1, c = 1, d = 1).entered();
        let _middle = tracing::info_span!("middle", b = 2, c = 2).entered();
        let _inner = tracing::info_span!("inner", c = 3).entered();
        tracing::info!(d = 4, "deep");
        tracing::info!(parent: None, "root");
    });
    let lines = log.lines();
    let fields: Vec<_> = lines[0].0[6..].iter().map(|(key, value)| (&**key, value)).collect();
    assert_eq!(fields, [("d", &json!(4)), ("c", &json!(3)), ("b", &json!(2)), ("a", &json!(1))]);
    assert_eq!(lines[1].keys().len(), 6);
}

#[test]
fn a_span_of_the_request_is_the_span_of_the_line() {
    let log = Log::json();
    log.run(|| {
        log.begin(Get::default()).in_scope(|| {
            let span = tracing::info_span!("place");
            let _inside = span.enter();
            tracing::info!("hello");
        });
    });
    let line = &log.lines()[0];
    assert_eq!(line.str("trace_id"), TRACE);
    assert!(line.str("span_id").len() == 16 && line.str("span_id") != SPAN);
}

#[test]
fn what_is_recorded_again_counts_once() {
    let log = Log::json();
    log.run(|| {
        let span = tracing::info_span!("place", order = tracing::field::Empty);
        span.record("order", 1);
        span.record("order", "two");
        span.in_scope(|| tracing::info!("placed"));
    });
    assert_eq!(log.line().get("order"), Some(&json!("two")));
}

#[test]
fn values_without_a_json_form() {
    let log = Log::json();
    let error = io::Error::other("outer");
    log.run(|| {
        tracing::info!(
            message = 5,
            nan = f64::NAN,
            infinite = f64::INFINITY,
            big = u128::MAX,
            most = u64::MAX,
            least = i64::MIN,
            none = None::<i32>,
            error = &error as &(dyn std::error::Error + 'static),
        );
    });
    let line = log.line();
    assert_eq!(line.str("message"), "5");
    assert_eq!(line.get("nan"), Some(&json!(null)));
    assert_eq!(line.get("infinite"), Some(&json!(null)));
    assert_eq!(line.get("big"), Some(&json!(u128::MAX.to_string())));
    assert_eq!(line.get("most"), Some(&json!(u64::MAX)));
    assert_eq!(line.get("least"), Some(&json!(i64::MIN)));
    assert_eq!(line.get("none"), None);
    assert_eq!(line.str("error"), "outer");
}

#[test]
fn the_message_comes_first_wherever_it_is_given() {
    let log = Log::json();
    log.run(|| {
        tracing::info!(a = 1, message = "late", b = 2);
        tracing::info!(a = 1);
    });
    let lines = log.lines();
    assert_eq!((lines[0].keys()[2], lines[0].str("message")), ("message", "late"));
    assert_eq!(lines[0].keys()[6..], ["a", "b"]);
    assert_eq!((lines[1].str("message"), &lines[1].keys()[6..]), ("", &["a"][..]));
}

#[test]
fn no_secret_gets_through() {
    let log = Log::json();
    let console = Log::console();
    for log in [&log, &console] {
        log.run(|| {
            let _span = tracing::info_span!("login", password = "hunter2", x_token = ?"hunter2");
            let _inside = _span.enter();
            tracing::info!(api_key = "hunter2", url = "redis://u:hunter2@h", "token=hunter2");
            tracing::info!(text = ?"postgres://u:hunter2@h", secret = 7_002, "plain");
        });
        let mut exchange = log.begin(Get { path: "/a;token=hunter2", ..Get::default() });
        exchange.context().unwrap().add("session_token", "hunter2");
        exchange.context().unwrap().add("cache", "redis://u:hunter2@h");
        exchange
            .context()
            .unwrap()
            .record_error(obs_core::ErrorRecord::of_text("x", "cannot reach redis://u:hunter2@h"));
        exchange.headers(Head { status: 500, bodyless: true, length: None, streaming: false });
        let text = log.text();
        assert!(!text.contains("hunter2") && !text.contains("7002"), "{text}");
        assert!(text.matches("[redacted]").count() >= 8, "{text}");
    }
}

#[test]
fn a_long_line_is_cut_and_still_json() {
    let log = Log::json();
    let long = "\u{1}é".repeat(100_000);
    log.run(|| {
        log.begin(Get::default()).in_scope(|| {
            let _span = tracing::info_span!("outer", long, after = 1).entered();
            tracing::info!(a = 1, b = &*long, c = 3, "{long}");
        });
    });
    let text = log.text();
    let first = text.lines().next().unwrap();
    assert!((60_000..=64 * 1024).contains(&first.len()), "{}", first.len());
    let line = &log.lines()[0];
    assert_eq!((line.get("line_cut"), line.str("request_id")), (Some(&json!(true)), "order-42"));
    assert!(line.str("message").ends_with('…') && line.str("b").ends_with('…'));
}
