//! The last ERROR line of a process that dies: its caller waits for it, unless it is in a request.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use std::io::{self, Write};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use obs_core::{Clock, Lifecycle};
use obs_logging::{Logging, LoggingSettings};
use tracing_subscriber::layer::SubscriberExt as _;

use self::common::Memory;

/// What a caller waits at most.
const WAIT: Duration = Duration::from_millis(50);

/// Writes nothing before the other end of the channel is dropped.
struct Blocked(Receiver<()>);

impl Write for Blocked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = self.0.recv();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn log(output: impl Write + Send + 'static) -> Logging {
    let settings = LoggingSettings::default();
    Logging::with_output(settings, &common::service(), Clock::system(), Box::new(output))
}

/// How long `f` takes with this log.
fn time(logging: &Logging, f: impl FnOnce()) -> Duration {
    let subscriber = tracing_subscriber::registry().with(logging.layer());
    tracing::subscriber::with_default(subscriber, || {
        let begun = Instant::now();
        f();
        begun.elapsed()
    })
}

#[test]
fn the_line_is_written_when_the_call_returns() {
    let memory = Memory::default();
    let logging = log(memory.clone());
    for number in 0..300 {
        let took = time(&logging, || {
            tracing::info!("before");
            tracing::error!("failure {number}.");
        });
        let is_there = memory.text().contains(&format!("failure {number}."));
        assert!(is_there || took >= WAIT, "{number} is not there after {took:?}");
    }
}

#[test]
fn an_output_that_does_not_move_is_waited_for_once() {
    let (release, blocked) = channel();
    let logging = log(Blocked(blocked));
    assert!(time(&logging, || tracing::error!("first")) >= WAIT);
    let next = (0..5).map(|_| time(&logging, || tracing::error!("next")));
    assert!(next.min().unwrap() < WAIT, "nothing has moved since");
    drop(release);
    assert!(logging.flush(common::SOON));
    // It moves: the next one is waited for, and written.
    time(&logging, || tracing::error!("last"));
    assert!(logging.flush(common::SOON));
    assert_eq!(logging.lost_lines(), 0);
}

#[test]
fn a_request_never_waits() {
    let lifecycle = Arc::new(Lifecycle::new(()));
    let times = (0..5).map(|_| {
        let (release, blocked) = channel();
        let logging = log(Blocked(blocked));
        let took = time(&logging, || {
            let job = lifecycle.job("job", async {
                tracing::error!("in a request");
                Ok::<(), io::Error>(())
            });
            let done = pin!(job).poll(&mut Context::from_waker(Waker::noop()));
            assert!(done.is_ready());
        });
        drop(release);
        took
    });
    assert!(times.min().unwrap() < WAIT);
}
