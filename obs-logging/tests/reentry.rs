//! A value whose `Debug` logs, or panics. A binary of its own: only the process-wide subscriber is
//! entered again by `tracing`.

#![allow(clippy::panic, reason = "helpers of tests")]

mod common;

use std::fmt;

use self::common::Log;

struct Chatty(u32);

impl fmt::Debug for Chatty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        tracing::info!(inner = ?self.0.checked_sub(1).map(Chatty), "in {}", self.0);
        write!(f, "Chatty({})", self.0)
    }
}

struct Broken;

impl fmt::Debug for Broken {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("expected")
    }
}

#[test]
fn a_debug_that_logs() {
    let log = Log::json();
    tracing::subscriber::set_global_default(log.subscriber()).unwrap();

    let span = tracing::info_span!("outer", of = ?Chatty(0), later = tracing::field::Empty);
    span.in_scope(|| tracing::info!(a = 1, value = ?Chatty(2), b = 2, "out {:?}", Chatty(0)));
    span.record("later", tracing::field::debug(Chatty(0)));
    let broken = std::panic::catch_unwind(|| tracing::info!(value = ?Broken, "lost"));
    assert!(broken.is_err());
    tracing::info!("after");

    let lines = log.lines();
    let messages: Vec<_> = lines.iter().map(|line| line.str("message")).collect();
    assert_eq!(
        messages,
        ["in 0", "in 0", "in 0", "in 1", "in 2", "out Chatty(0)", "in 0", "after"]
    );
    let outer = &lines[5];
    assert_eq!(outer.keys()[6..], ["a", "value", "b", "of"]);
    assert_eq!((outer.str("value"), outer.str("of")), ("Chatty(2)", "Chatty(0)"));
}
