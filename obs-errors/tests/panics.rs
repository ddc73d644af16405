//! The panic hook, which is one for the whole process: each test is its own binary's only user of
//! panics outside of requests.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use std::{panic, thread};

use common::{Memory, TRACE_ID, event_of_order, head, identity, order, service, settings};
use obs_core::export::{Envelope, EnvelopeSink};
use obs_core::{ErrorRecord, FieldValue, Outcome};
use obs_errors::Errors;
use serde_json::json;

/// Forwards to memory under a lock that tests hold, and panics on demand.
#[derive(Default)]
struct Touchy {
    lock: Mutex<()>,
    panics: AtomicBool,
    memory: Memory,
}

impl Touchy {
    fn hold(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl EnvelopeSink for Touchy {
    fn push(&self, envelope: Envelope) {
        let _held = self.hold();
        assert!(!self.panics.load(Ordering::Relaxed), "the sink broke");
        self.memory.push(envelope);
    }

    fn flush(&self, _: Duration) -> bool {
        true
    }
}

/// A conversion that panics while a field is added.
struct Bad;

impl From<Bad> for FieldValue {
    fn from(_: Bad) -> Self {
        panic!("bad value")
    }
}

struct PanicsAgain;

impl Drop for PanicsAgain {
    fn drop(&mut self) {
        assert!(catch_unwind(|| panic!("second")).is_err());
    }
}

fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !condition() {
        assert!(Instant::now() < deadline, "{what}");
        thread::yield_now();
    }
}

#[test]
fn everything_a_hook_can_meet() {
    let before = Arc::new(AtomicUsize::new(0));
    let calls = before.clone();
    panic::set_hook(Box::new(move |_| {
        calls.fetch_add(1, Ordering::Relaxed);
    }));

    let sink = Arc::new(Touchy::default());
    let outside = Errors::new(settings(), &identity(), sink.clone());
    outside.install_panic_hook();
    outside.install_panic_hook();
    obs_errors::capture_panics();

    // In a request: message and place, and the panic wins over an earlier error.
    let inside = service();
    let line = line!() + 3;
    inside.panic(order(), |context| {
        context.record_error(ErrorRecord::of_text("stock", "none left"));
        panic!("boom token=abc");
    });
    let event = inside.sink.event();
    let expected = json!({
        "level": "fatal",
        "tags": {"outcome": "panic"},
        "exception": {"values": [{
            "type": "panic", "value": "boom token=[redacted]",
            "mechanism": {"type": "panic", "handled": false},
            "stacktrace": {"frames": [{"filename": file!(), "lineno": line, "colno": 9}]},
        }]},
    });
    assert_eq!(event, event_of_order(&event, expected));
    assert_eq!(before.load(Ordering::Relaxed), 1, "the hook before ours, once");
    assert!(sink.memory.events().is_empty(), "a request's panic is the request's");

    // A caught panic is no event, until the request fails.
    let inside = service();
    for status in [200, 500] {
        inside.exchange(order(), status, Outcome::Complete, |_| {
            assert!(catch_unwind(|| panic!("caught")).is_err());
        });
    }
    let event = inside.sink.event();
    let exception = &event["exception"]["values"][0];
    assert_eq!((&exception["type"], &exception["value"]), (&json!("panic"), &json!("caught")));
    assert_eq!(exception["mechanism"], json!({"type": "panic", "handled": true}));
    assert_eq!(event["level"], "fatal", "by what failed, not by how the request ended");

    // Inside of the context's own lock it would hang.
    let inside = service();
    inside.panic(order(), |context| context.add("bad", Bad));
    assert_eq!(inside.sink.event()["exception"]["values"][0]["value"], "bad value");

    // While unwinding: the first panic counts.
    let inside = service();
    inside.panic(order(), |_| {
        let _again = PanicsAgain;
        panic!("first");
    });
    assert_eq!(inside.sink.event()["exception"]["values"][0]["value"], "first");

    // In a task that kept its request's context: an event with the request's ids, at once.
    let inside = service();
    let mut exchange = inside.begin(order());
    let context = exchange.context().unwrap().clone();
    let task = context.clone();
    let run = move || task.scope(|| panic!("in a task"));
    assert!(thread::Builder::new().name("task".to_owned()).spawn(run).unwrap().join().is_err());
    let event = inside.sink.event();
    assert_eq!(event["tags"], json!({"outcome": "panic", "thread": "task", "request_id": "req-1"}));
    assert_eq!(event["exception"]["values"][0]["value"], "in a task");
    assert_eq!(
        (&event["level"], &event["contexts"]["trace"]["trace_id"]),
        (&json!("fatal"), &json!(TRACE_ID))
    );
    // It is not what went wrong with the request.
    exchange.headers(head(200));
    exchange.finish(Outcome::Complete);
    assert_eq!((context.error(), inside.sink.events().len()), (None, 1));
    // After the request it is the same, and the route is known.
    for record in [None, Some(ErrorRecord::of_text("stock", "none left"))] {
        let task = context.clone();
        let run = move || match record {
            None => task.scope(|| panic!("too late")),
            Some(error) => task.record_error(error),
        };
        let _ = thread::spawn(run).join();
    }
    let events = inside.sink.events();
    let seen = events[1..].iter().map(|event| {
        let exception = &event["exception"]["values"][0];
        (event["level"].clone(), event["tags"]["route"].clone(), exception["value"].clone())
    });
    let route = json!("/orders/{id}");
    assert_eq!(
        seen.collect::<Vec<_>>(),
        [
            (json!("fatal"), route.clone(), json!("too late")),
            (json!("error"), route, json!("none left")),
        ]
    );
    // Caught in the task, it is no event; nor is it that of the next panic there.
    let inside = service();
    let exchange = inside.begin(order());
    let task = exchange.context().unwrap().clone();
    task.scope(|| assert!(catch_unwind(|| panic!("caught")).is_err()));
    assert!(catch_unwind(AssertUnwindSafe(|| task.scope(|| panic!("second")))).is_err());
    assert_eq!(inside.sink.event()["exception"]["values"][0]["value"], "second");
    drop(exchange);

    // Outside of any request: an event of its own.
    let thread = thread::Builder::new().name("ticker".to_owned());
    assert!(thread.spawn(|| panic!("tick")).unwrap().join().is_err());
    eventually("an event", || sink.memory.events().len() == 1);
    let event = sink.memory.event();
    assert_eq!(event["tags"], json!({"outcome": "panic", "thread": "ticker"}));
    assert_eq!(event["exception"]["values"][0]["value"], "tick");
    assert_eq!(event["release"], "shop@1.2.3");

    // While this very thread holds what the sink needs.
    let result = catch_unwind(AssertUnwindSafe(|| {
        let _held = sink.hold();
        panic!("with the lock");
    }));
    assert!(result.is_err());
    eventually("the event of it", || sink.memory.events().len() == 2);

    // A sink that panics is not reported to itself.
    sink.panics.store(true, Ordering::Relaxed);
    let panics = before.load(Ordering::Relaxed);
    assert!(thread::spawn(|| panic!("tock")).join().is_err());
    eventually("two panics", || before.load(Ordering::Relaxed) == panics + 2);
    sink.panics.store(false, Ordering::Relaxed);

    // Nobody is left to be told.
    drop(outside);
    assert!(thread::spawn(|| panic!("late")).join().is_err());
    assert_eq!(sink.memory.events().len(), 2);
}
