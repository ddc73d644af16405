//! One outgoing call in one request, without a router around it.

use std::future::{Ready, ready};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use obs_core::{CallSite, Exchange, Facts, Head, Lifecycle, Outcome, Route, observe_call};
use obs_stack::Stack;

use crate::Drive;

static SELECT: CallSite = CallSite::database("postgresql", "SELECT", "items");

/// What is measured is the difference of a request that makes the call and one that does not.
pub(crate) fn requests(lifecycle: Lifecycle<Stack>, call: bool) -> Drive {
    let lifecycle = Arc::new(lifecycle);
    Box::new(move |_, count| {
        for _ in 0..count {
            let mut exchange = Exchange::begin(Arc::clone(&lifecycle), Get, &());
            let rows = exchange.in_scope(|| {
                if call { poll(observe_call(&SELECT, select())) } else { poll(select()) }
            });
            assert!(rows, "the query is ready at once");
            exchange.headers(Head { status: 200, bodyless: true, length: None, streaming: false });
            exchange.finish(Outcome::Complete);
        }
    })
}

fn select() -> Ready<Result<u64, std::io::Error>> {
    ready(Ok(7))
}

fn poll<F: Future>(future: F) -> bool {
    pin!(future).poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

struct Get;

impl Facts for Get {
    fn method(&self) -> &str {
        "GET"
    }

    fn path(&self) -> &str {
        "/items/12345"
    }

    fn route(&self) -> Option<Route<'_>> {
        Some(Route { pattern: "/items/{id}", owner: &"/items/{id}" })
    }
}
