//! No key is ever there twice, whatever the names of fields.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use self::common::{Get, Log};

/// Events and spans have the names of their callsites: these, each possibly absent.
macro_rules! all {
    ($make:ident, $on:expr, $value:expr, $($rest:tt)*) => {
        tracing::$make!(
            $($rest)*
            "timestamp" = $on("timestamp").then_some($value),
            "level" = $on("level").then_some($value),
            "_level" = $on("_level").then_some($value),
            "__level" = $on("__level").then_some($value),
            "service" = $on("service").then_some($value),
            "environment" = $on("environment").then_some($value),
            "target" = $on("target").then_some($value),
            "request_id" = $on("request_id").then_some($value),
            "trace_id" = $on("trace_id").then_some($value),
            "_trace_id" = $on("_trace_id").then_some($value),
            "span_id" = $on("span_id").then_some($value),
            "line_cut" = $on("line_cut").then_some($value),
            "a" = $on("a").then_some($value),
            "a b\"\n" = $on("a b\"\n").then_some($value),
            "password" = $on("password").then_some($value),
            "é" = $on("é").then_some($value),
            "" = $on("").then_some($value),
            "_" = $on("_").then_some($value),
            "a" = $on("a").then_some($value),
        )
    };
}

const NAMES: [&str; 18] = [
    "timestamp",
    "level",
    "_level",
    "__level",
    "service",
    "environment",
    "target",
    "request_id",
    "trace_id",
    "_trace_id",
    "span_id",
    "line_cut",
    "a",
    "a b\"\n",
    "password",
    "é",
    "",
    "_",
];

const RESERVED: [&str; 9] = [
    "timestamp",
    "level",
    "service",
    "environment",
    "target",
    "request_id",
    "trace_id",
    "span_id",
    "line_cut",
];

fn written_as(name: &str) -> String {
    let reserved = RESERVED.contains(&name.trim_start_matches('_'));
    format!("{}{name}", if reserved { "_" } else { "" })
}

proptest! {
    #[test]
    fn of_events_and_spans(
        event in subsequence(&NAMES[..], 0..=NAMES.len()),
        inner in subsequence(&NAMES[..], 0..=NAMES.len()),
        outer in subsequence(&NAMES[..], 0..=NAMES.len()),
        again in subsequence(&NAMES[..], 0..=NAMES.len()),
        in_request in any::<bool>(),
    ) {
        let log = Log::json();
        log.run(|| {
            let mut exchange = in_request.then(|| log.begin(Get::default()));
            let body = || {
                let _outer = all!(info_span, |name| outer.contains(&name), 1, "outer",).entered();
                let span = all!(info_span, |name| inner.contains(&name), 2, "inner",);
                for name in &again {
                    span.record(*name, 4);
                }
                let _inner = span.entered();
                all!(info, |name| event.contains(&name), 3,);
            };
            match &mut exchange {
                Some(exchange) => exchange.in_scope(body),
                None => body(),
            }
        });
        // Parsing refuses a key that is there twice.
        let line = &log.lines()[0];
        for name in NAMES {
            let value = if event.contains(&name) { Some(3) }
                else if again.contains(&name) { Some(4) }
                else if inner.contains(&name) { Some(2) }
                else if outer.contains(&name) { Some(1) }
                else { None };
            let found = line.get(&written_as(name));
            if name == "password" {
                prop_assert_eq!(found.map(|found| found == "[redacted]"), value.map(|_| true));
            } else {
                prop_assert_eq!(found.and_then(|found| found.as_i64()), value, "{} {:?}", name, line);
            }
        }
    }

    #[test]
    fn of_access_lines(
        keys in proptest::collection::vec(select(&[
            "method", "path", "_path", "route", "status_code", "duration_ms", "outcome", "error",
            "job", "level", "_level", "request_id", "message", "x", "x y",
        ][..]), 0..20),
        status in 200_u16..600,
    ) {
        let log = Log::json();
        let mut exchange = log.begin(Get::default());
        for key in &keys {
            exchange.context().unwrap().add(key, 1);
        }
        exchange.context().unwrap().record_error(obs_core::ErrorRecord::of_text("x", "no stock"));
        exchange.headers(obs_core::Head { status, bodyless: true, length: None, streaming: false });
        let line = log.line();
        prop_assert_eq!(line.str("error"), "no stock");
        for key in keys {
            let added = if key.starts_with('x') { key.to_owned() } else { format!("_{key}") };
            prop_assert_eq!(line.get(&added), Some(&serde_json::json!(1)));
        }
    }
}
