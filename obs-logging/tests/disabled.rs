//! What a disabled event costs. Alone in its process: the level that is looked at is that of all threads.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use tracing::Level;
use tracing::level_filters::LevelFilter;

use self::common::Log;

#[test]
fn a_disabled_event_is_not_even_evaluated() {
    Log::levels("warn,my_crate=debug").run(|| {
        assert_eq!(LevelFilter::current(), LevelFilter::DEBUG);
        tracing::info!(never = unreachable::<u8>(), "off");
        assert!(!tracing::enabled!(Level::TRACE) && tracing::enabled!(Level::WARN));
    });
}

fn unreachable<T>() -> T {
    panic!("evaluated")
}
