//! The writer: nothing is lost without a count, whatever the output does.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use obs_core::Clock;
use obs_logging::{Logging, LoggingSettings};
use tracing_subscriber::layer::SubscriberExt;

use self::common::{Line, Log, Memory, SOON, dropped, eventually, sample, written};

/// A log of so many bytes.
fn log(bytes: usize, output: impl Write + Send + 'static) -> Logging {
    let mut settings = LoggingSettings::default();
    settings.buffer_bytes = bytes;
    Logging::with_output(settings, &common::service(), Clock::system(), Box::new(output))
}

fn run<R>(logging: &Logging, f: impl FnOnce() -> R) -> R {
    let subscriber = tracing_subscriber::registry().with(logging.layer());
    tracing::subscriber::with_default(subscriber, f)
}

/// Many threads write; returns how many lines.
fn storm(logging: &Logging, threads: u64, lines: u64) -> u64 {
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                run(logging, || {
                    for line in 0..lines {
                        tracing::info!(thread, line, "{}", "x".repeat((line % 97) as usize));
                    }
                });
            });
        }
    });
    threads * lines
}

fn lines(text: &str) -> Vec<Line> {
    text.lines().map(|line| line.parse().unwrap()).collect()
}

/// Holds every write until it is opened.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<(bool, u64)>, Condvar)>, Memory);

impl Gate {
    fn open(&self) {
        self.0.0.lock().unwrap().0 = true;
        self.0.1.notify_all();
    }

    /// Waits until the writer stands before the gate.
    fn reached(&self) {
        eventually("the writer writes", || self.0.0.lock().unwrap().1 > 0);
    }
}

impl Write for Gate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.0.0.lock().unwrap();
        state.1 += 1;
        drop(self.0.1.wait_while(state, |state| !state.0).unwrap());
        self.1.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn lines_never_interleave() {
    let memory = Memory::default();
    let logging = log(64 << 20, memory.clone());
    assert_eq!(storm(&logging, 8, 10_000), 80_000);
    assert!(logging.flush(SOON));
    assert_eq!((written(&logging), dropped(&logging, "buffer_full")), (80_000, 0));
    let mut next = [0; 8];
    for line in lines(&memory.text()) {
        let number = |key| line.get(key).unwrap().as_u64().unwrap();
        let thread = number("thread") as usize;
        assert_eq!(
            (number("line"), line.str("message").len() as u64),
            (next[thread], next[thread] % 97)
        );
        next[thread] += 1;
    }
    assert_eq!(next, [10_000; 8]);
}

#[test]
fn a_full_buffer_drops_the_new_lines_and_says_so_in_their_place() {
    let gate = Gate::default();
    let logging = log(4096, gate.clone());
    run(&logging, || {
        tracing::info!("first");
        gate.reached();
        (0..1000).for_each(|line| tracing::info!(line, "second"));
        assert!(sample(&logging, "obs_log_buffer_bytes", &[]) <= 4096);
        let lost = dropped(&logging, "buffer_full");
        assert!((950..1000).contains(&lost), "{lost}");
        gate.open();
        assert!(logging.flush(SOON));
        tracing::info!("third");
        assert!(logging.flush(SOON));
        assert_eq!(written(&logging) + lost, 1002);
        let lines = lines(&gate.1.text());
        let (last, gap) = (&lines[lines.len() - 1], &lines[lines.len() - 2]);
        assert_eq!(lines.len() as u64, written(&logging) + 1);
        assert_eq!((last.str("message"), gap.str("level")), ("third", "WARN"));
        assert_eq!(gap.str("message"), format!("{lost} log lines were dropped"));
        assert_eq!(gap.get("dropped"), Some(&lost.into()));
        let kept = 1000 - lost;
        assert_eq!(lines[kept as usize].get("line"), Some(&(kept - 1).into()));
    });
    assert_eq!(sample(&logging, "obs_log_buffer_bytes", &[]), 0);
}

#[test]
fn flush_comes_back_although_the_output_does_not() {
    let gate = Gate::default();
    let logging = log(4096, gate.clone());
    let total = storm(&logging, 4, 1000);
    let start = Instant::now();
    assert!(!logging.flush(Duration::from_millis(200)));
    assert!((200..5000).contains(&start.elapsed().as_millis()));
    assert!(!logging.flush(Duration::ZERO));
    gate.open();
    assert!(logging.flush(Duration::MAX));
    assert_eq!(written(&logging) + dropped(&logging, "buffer_full"), total);
}

/// Fails at times, takes parts at times, and is not ready at times.
#[derive(Clone, Default)]
struct Moody {
    memory: Memory,
    calls: Arc<AtomicU64>,
}

impl Write for Moody {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.calls.fetch_add(1, Ordering::Relaxed) % 19 {
            0 => Err(io::ErrorKind::BrokenPipe.into()),
            1 => Err(io::ErrorKind::Interrupted.into()),
            2 => Err(io::ErrorKind::WouldBlock.into()),
            // Apart from the others: one after the other they would swallow every line about a gap.
            11 => Ok(0),
            _ => self.memory.write(&bytes[..bytes.len().min(1000)]),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

#[test]
fn every_line_is_written_or_counted_by_an_output_that_fails() {
    let moody = Moody::default();
    let logging = log(32 * 1024, moody.clone());
    let mut total = 0;
    for _ in 0..20 {
        total += storm(&logging, 4, 50);
        assert!(logging.flush(SOON));
    }
    let lost = dropped(&logging, "io_error");
    assert!(lost > 0 && written(&logging) > 0, "{lost}");
    assert_eq!(written(&logging) + dropped(&logging, "buffer_full") + lost, total);
    // What was torn stands alone on its line; what is whole was counted, and said to be missing.
    let text = moody.memory.text();
    let whole: Vec<Line> = text.lines().filter_map(|line| line.parse().ok()).collect();
    let (gaps, own): (Vec<_>, Vec<_>) = whole.iter().partition(|line| line.str("target") == "obs");
    assert_eq!(own.len() as u64, written(&logging));
    let told: u64 = gaps.iter().map(|gap| gap.get("dropped").unwrap().as_u64().unwrap()).sum();
    assert!(0 < told && told <= total - written(&logging), "{told}");
}

#[test]
fn a_slow_output_loses_only_what_does_not_fit() {
    #[derive(Clone, Default)]
    struct Slow(Memory);
    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            std::thread::sleep(Duration::from_millis(3));
            self.0.write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let slow = Slow::default();
    let logging = log(8192, slow.clone());
    let total = storm(&logging, 8, 2000);
    assert!(logging.flush(SOON));
    let full = dropped(&logging, "buffer_full");
    assert!(full > 0);
    assert_eq!(written(&logging) + full, total);
    let lines = lines(&slow.0.text());
    let told: u64 = lines
        .iter()
        .filter(|line| line.str("target") == "obs")
        .map(|gap| gap.get("dropped").unwrap().as_u64().unwrap())
        .sum();
    assert_eq!(told, full);
}

#[test]
fn the_thread_ends_when_all_handles_are_gone_and_writes_what_is_left() {
    struct Ended(Memory, Arc<AtomicBool>);
    impl Write for Ended {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    impl Drop for Ended {
        fn drop(&mut self) {
            self.1.store(true, Ordering::Release);
        }
    }
    let (memory, ended) = (Memory::default(), Arc::new(AtomicBool::new(false)));
    let logging = log(4096, Ended(memory.clone(), ended.clone()));
    let access = logging.access_log();
    run(&logging, || tracing::info!("last words"));
    drop(logging);
    assert!(!ended.load(Ordering::Acquire));
    drop(access);
    eventually("the thread ends", || ended.load(Ordering::Acquire));
    assert_eq!(lines(&memory.text())[0].str("message"), "last words");
}

#[test]
fn lines_come_without_a_flush() {
    let gate = Gate::default();
    gate.open();
    let logging = log(4096, gate.clone());
    run(&logging, || {
        for count in 1..=20 {
            tracing::info!("one");
            eventually("the line is written", || gate.1.text().lines().count() == count);
        }
    });
}

#[test]
fn console_lines_are_counted_as_such() {
    let log = Log::console();
    log.run(|| (0..10).for_each(|_| tracing::info!(plan = "a\nb\n c", "two\nlines")));
    assert!(log.text().lines().count() > 10);
    assert_eq!(written(&log.logging), 10);
}
