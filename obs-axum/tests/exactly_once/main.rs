//! Every request leaves exactly one record, whatever becomes of it: over real sockets, both
//! protocols, with the metrics and with an observer that remembers outcomes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

mod app;
mod case;
mod connections;
#[path = "../harness/mod.rs"]
mod harness;
mod scope;

use obs_axum::Panics;
use obs_core::Outcome;

use case::{Case, Does, case, check_all};
use harness::{H1, H2};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn responses_that_are_read() {
    check_all(&[
        case("/ok"),
        case("/empty"),
        Case { path: "/status/404", route: "/status/{code}", status: 404, ..case("") },
        Case { path: "/status/500", route: "/status/{code}", status: 500, ..case("") },
        Case { path: "/with-body/204", route: "/with-body/{code}", status: 204, ..case("") },
        Case { path: "/with-body/304", route: "/with-body/{code}", status: 304, ..case("") },
        Case { status: 500, ..case("/fails") },
        Case { path: "/nowhere", route: "unknown", status: 404, ..case("") },
        Case { method: "POST", status: 405, ..case("/ok") },
        case("/streams"),
        case("/streams-sized"),
        Case { on: H1, status: 304, ..case("/not-modified") },
        Case { on: H2, ..case("/trailers") },
        Case { streaming: true, ..case("/events") },
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_has_no_body_to_wait_for() {
    let head = |path| Case { method: "HEAD", ..case(path) };
    check_all(&[
        head("/ok"),
        head("/streams"),
        head("/streams-sized"),
        head("/ends-early"),
        head("/stalls"),
        head("/body-fails"),
        head("/panics-in-body"),
        Case { status: 500, outcome: Outcome::Panic, ..head("/panics") },
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handlers_and_bodies_that_fail() {
    let cut_off = |path| Case { client: Does::IsCutOff, ..case(path) };
    let panicked = Case { status: 500, outcome: Outcome::Panic, ..case("/panics") };
    check_all(&[
        panicked,
        Case { panics: Panics::Resume, client: Does::IsCutOff, ..panicked },
        Case { outcome: Outcome::Panic, ..cut_off("/panics-in-body") },
        Case { outcome: Outcome::BodyError, ..cut_off("/body-fails") },
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_of_another_length_than_they_declare() {
    let wrong = |path| Case { outcome: Outcome::BodyError, ..case(path) };
    check_all(&[
        Case { client: Does::IsCutOff, ..wrong("/ends-early") },
        // HTTP/1 sends what was declared and no more; over HTTP/2 the client refuses the rest.
        Case { on: H1, ..wrong("/ends-late") },
        Case { on: H2, client: Does::IsCutOff, ..wrong("/ends-late") },
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_leave() {
    let cancelled = Case { status: 499, outcome: Outcome::Cancelled, ..case("/sleeps") };
    let in_body = Case { outcome: Outcome::CancelledInBody, ..case("/stalls") };
    let sized = Case { path: "/stalls-sized", route: "/stalls-sized", ..in_body };
    let events = Case { path: "/events-stall", route: "/events-stall", streaming: true, ..in_body };
    check_all(&[
        Case { client: Does::LeavesTheHandler, ..cancelled },
        Case { client: Does::ClosesInTheHandler, ..cancelled },
        Case { client: Does::LeavesTheBody, ..in_body },
        Case { client: Does::ClosesInTheBody, ..in_body },
        Case { client: Does::LeavesTheBody, ..events },
        Case { client: Does::ClosesInTheBody, ..events },
        Case { client: Does::LeavesTheBody, ..sized },
        Case { client: Does::ClosesInTheBody, ..sized },
    ])
    .await;
}
