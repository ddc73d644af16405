//! A failure that passes through several exchanges is one event.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use common::{Failed, NoHeaders, Service, head, order, service};
use obs_core::{ErrorRecord, Exchange, Outcome, RequestContext};

const FAILED: Failed = Failed("no stock", None);

fn poll<T>(future: impl Future<Output = T>) -> T {
    let Poll::Ready(output) = pin!(future).poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it is not ready")
    };
    output
}

/// A job that fails, in the request or job that runs here.
fn failing_job(service: &Service) -> Result<(), Failed> {
    poll(service.lifecycle.job("reserve", async { Err(FAILED) }))
}

/// What becomes of a request in which `handler` runs: its status, its error.
fn request(service: &Service, handler: impl FnOnce() -> (u16, Option<ErrorRecord>)) {
    let mut exchange = service.begin(order());
    let (status, error) = exchange.in_scope(handler);
    if let Some(error) = error {
        exchange.context().unwrap().record_error(error);
    }
    exchange.headers(head(status));
    exchange.finish(Outcome::Complete);
}

/// The transactions of all events, and how many failures were repetitions.
fn seen(service: &Service) -> (Vec<String>, u64) {
    let events = service.sink.events();
    let transactions = events.iter().map(|event| event["transaction"].as_str().unwrap().to_owned());
    (transactions.collect(), service.counts()["obs_errors_dropped_total repeated"])
}

#[test]
fn a_request_that_fails_with_the_error_of_its_job() {
    let wrapped = || ErrorRecord::of(&Failed("cannot place the order", Some(Box::new(FAILED))));
    let errors = [Some(ErrorRecord::of(&FAILED)), Some(wrapped()), None];
    for error in errors {
        let service = service();
        request(&service, || {
            assert!(failing_job(&service).is_err());
            (500, error)
        });
        assert_eq!(seen(&service), (vec!["reserve".to_owned()], 1));
    }
}

#[test]
fn a_request_that_fails_otherwise_or_not_at_all() {
    let service = service();
    request(&service, || {
        assert!(failing_job(&service).is_err());
        (200, None)
    });
    assert_eq!(seen(&service), (vec!["reserve".to_owned()], 0));
    request(&service, || {
        assert!(failing_job(&service).is_err());
        (500, Some(ErrorRecord::of_text("database", "out of no stock")))
    });
    let both = ["reserve", "reserve", "GET /orders/{id}"].map(str::to_owned);
    assert_eq!(seen(&service), (both.to_vec(), 0));
}

#[test]
fn a_job_in_a_job_in_a_request() {
    let service = service();
    request(&service, || {
        let inner = service.lifecycle.job("reserve", async { Err::<(), _>(FAILED) });
        let error = poll(service.lifecycle.job("order", inner)).unwrap_err();
        (500, Some(ErrorRecord::of(&error)))
    });
    assert_eq!(seen(&service), (vec!["reserve".to_owned()], 2));
}

#[test]
fn a_panic_through_a_job_and_a_request() {
    obs_errors::capture_panics();
    let service = service();
    let mut exchange = service.begin(order());
    let job = service.lifecycle.job::<_, (), Failed>("reserve", async { panic!("out of paper") });
    let run = AssertUnwindSafe(|| exchange.in_scope(|| poll(job)));
    assert!(catch_unwind(run).is_err());
    drop(exchange);
    let event = service.sink.event();
    assert_eq!(event["transaction"], "reserve");
    assert_eq!(event["exception"]["values"][0]["value"], "out of paper");
    assert_eq!(seen(&service).1, 1);
}

#[test]
fn a_router_of_another_handle_inside() {
    let (outer, inner) = (service(), service());
    request(&outer, || {
        let mut exchange = Exchange::begin(inner.lifecycle.clone(), order(), &NoHeaders);
        exchange
            .in_scope(|| RequestContext::current().unwrap().record_error(ErrorRecord::of(&FAILED)));
        exchange.headers(head(500));
        exchange.finish(Outcome::Complete);
        (500, None)
    });
    assert_eq!(seen(&inner), (vec!["GET /orders/{id}".to_owned()], 0));
    assert_eq!(seen(&outer), (vec![], 1));
}

#[test]
fn a_handle_that_captures_nothing_marks_nothing() {
    let (outer, off) = (service(), common::service_with(Default::default()));
    request(&outer, || {
        assert!(failing_job(&off).is_err());
        (500, None)
    });
    assert_eq!(seen(&outer), (vec!["GET /orders/{id}".to_owned()], 0));
}
