//! A service with any choice of features: what they promise is there, and what is left out is not.
//! `cargo xtask features` runs this with none of them, each alone, and all.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

#[path = "../harness/mod.rs"]
mod harness;
mod seen;

use seen::Seen;

#[test]
fn requests_are_answered_and_what_is_left_out_is_not_there() {
    let Some(seen) = Seen::of("requests_are_answered_and_what_is_left_out_is_not_there") else {
        return;
    };
    assert_eq!((seen.order.status.as_u16(), seen.order.text()), (200, "an order"));
    assert_eq!(seen.failure.status, 500);
    assert_ne!(seen.order.header("x-request-id"), seen.failure.header("x-request-id"));
    for (path, there) in [
        ("/metrics", cfg!(feature = "metrics")),
        ("/live", cfg!(feature = "health")),
        ("/ready", cfg!(feature = "health")),
        ("/health", cfg!(feature = "health")),
    ] {
        let answer = &seen.endpoints[path];
        let own = (answer.status.as_u16(), answer.text()) == (404, "the application's own");
        assert_eq!(own, !there, "{path}: {answer:?}");
    }
    assert_eq!(!seen.lines.is_empty(), cfg!(feature = "logging"), "{:#?}", seen.lines);
    let notice = seen.errors.lines().any(|line| line.starts_with("obs: shutting down"));
    assert_eq!(!notice, cfg!(feature = "logging"), "without a log on standard error");
    assert_eq!(!seen.sent_to("/v1/traces").is_empty(), cfg!(feature = "tracing"));
    assert_eq!(!seen.sent_to("/api/1/envelope/").is_empty(), cfg!(feature = "errors"));
}

#[cfg(feature = "metrics")]
#[test]
fn metrics_count_the_requests() {
    let Some(seen) = Seen::of("metrics_count_the_requests") else { return };
    let scrape = harness::Scrape::parse(seen.endpoints["/metrics"].text());
    let counted = |route: &str, status| ("GET".to_owned(), route.to_owned(), status, 1);
    let mut requests = scrape.requests();
    // Probes that are left out are the application's 404.
    requests.retain(|(_, route, ..)| route != "unknown");
    assert_eq!(requests, [counted("/fails", 500), counted("/orders/{id}", 200)]);
    // The numbers of the others are shown too, if they are there.
    for (name, there) in [
        ("health_check_status", cfg!(feature = "health")),
        ("obs_log_lines_written_total", cfg!(feature = "logging")),
        ("obs_traces_sampled_total", cfg!(feature = "tracing")),
        ("obs_errors_captured_total", cfg!(feature = "errors")),
        ("obs_export_accepted_total", cfg!(any(feature = "errors", feature = "tracing"))),
    ] {
        assert_eq!(scrape.has(name), there, "{name}");
    }
}

#[cfg(feature = "health")]
#[test]
fn probes_run_the_checks() {
    let Some(seen) = Seen::of("probes_run_the_checks") else { return };
    for path in ["/live", "/ready", "/health"] {
        assert_eq!(seen.endpoints[path].status, 200, "{path}");
    }
    for path in ["/ready", "/health"] {
        let report = seen.endpoints[path].text();
        assert!(report.contains("\"database\":{\"status\":\"healthy\""), "{path}: {report}");
    }
}

#[cfg(feature = "logging")]
#[test]
fn lines_tell_of_requests() {
    let Some(seen) = Seen::of("lines_tell_of_requests") else { return };
    let of = |message: &str| -> Vec<_> {
        seen.lines.iter().filter(|line| line["message"] == message).collect()
    };
    let ([access, failed, ..], [own]) = (&of("HTTP Request")[..], &of("loading")[..]) else {
        panic!("{:#?}", seen.lines)
    };
    assert_eq!((&access["route"], &access["status_code"]), (&"/orders/{id}".into(), &200.into()));
    assert_eq!((&failed["route"], &failed["status_code"]), (&"/fails".into(), &500.into()));
    let id = seen.order.header("x-request-id").unwrap();
    let trace = cfg!(feature = "tracing").then_some(seen::TRACE);
    for line in [access, own] {
        assert_eq!(line["request_id"], id);
        assert_eq!(line["trace_id"].as_str(), trace);
        assert_eq!(line["span_id"].is_string(), trace.is_some());
    }
    // The field of the span around it.
    assert_eq!(own["order"], 7);
}

#[cfg(feature = "tracing")]
#[test]
fn spans_continue_the_callers_trace() {
    let Some(seen) = Seen::of("spans_continue_the_callers_trace") else { return };
    let sent = seen.sent_to("/v1/traces").concat();
    let has = |bytes: &[u8]| sent.windows(bytes.len()).any(|window| window == bytes);
    // As protobuf has them: the ids are bytes, the names text.
    assert!(has(&u128::from_str_radix(seen::TRACE, 16).unwrap().to_be_bytes()), "the trace's id");
    for name in ["GET /orders/{id}", "load order", "GET /fails"] {
        assert!(has(name.as_bytes()), "no span {name}");
    }
}

#[cfg(feature = "errors")]
#[test]
fn a_failure_is_one_event() {
    let Some(seen) = Seen::of("a_failure_is_one_event") else { return };
    let [envelope] = &seen.sent_to("/api/1/envelope/")[..] else { panic!("not one envelope") };
    let event = std::str::from_utf8(envelope).unwrap().lines().nth(2).unwrap();
    let event: serde_json::Value = serde_json::from_str(event).unwrap();
    assert_eq!(event["transaction"], "GET /fails");
    assert_eq!(event["exception"]["values"][0]["value"], "disk full");
    assert_eq!(event["tags"]["request_id"], seen.failure.header("x-request-id").unwrap());
    assert_eq!(event["contexts"]["trace"].is_object(), cfg!(feature = "tracing"));
}

#[cfg(feature = "admin")]
#[tokio::test]
async fn the_admin_listener_has_what_the_other_features_show() {
    use obs_axum::{Observe as _, Serve as _};

    let setup = obs_axum::Setup::new(Default::default()).with_settings(|settings| {
        settings.shutdown.delay = std::time::Duration::ZERO;
        settings.admin.addr = Some("127.0.0.1:0".parse().unwrap());
    });
    let obs = setup.build();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let handle = obs.clone();
    let requests = async {
        let addr = loop {
            match handle.admin_addr() {
                Some(addr) => break addr,
                None => tokio::task::yield_now().await,
            }
        };
        for (path, there) in
            [("/metrics", cfg!(feature = "metrics")), ("/live", cfg!(feature = "health"))]
        {
            let status = harness::get(addr, path).await.status.as_u16();
            assert_eq!(status, if there { 200 } else { 404 }, "{path}");
        }
        handle.shutdown().begin();
    };
    let app = axum::Router::new().observe(&obs);
    let (served, ()) = tokio::join!(obs.serve(listener, app), requests);
    served.unwrap();
}
