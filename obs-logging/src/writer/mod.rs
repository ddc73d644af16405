//! The writer: lines wait in one buffer, which a thread of its own swaps with an empty one.
//!
//! Bounded by construction: what does not fit is dropped and counted, and from the first loss on so
//! is everything until the swap. The gap is therefore always at the end of a batch, and its line
//! stands exactly where the lost ones would have stood.

mod buffer;
mod output;
mod thread;

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use obs_core::notice;
use obs_core::source::{Collector, Family, Kind, Value};

use self::buffer::Buffer;
pub(crate) use self::output::stdout;

/// The line that stands for so many lost ones.
pub(crate) type Gap = Box<dyn Fn(u64) -> Vec<u8> + Send>;

/// How long a caller at most waits for a line that must not be lost.
const BRIEFLY: Duration = Duration::from_millis(50);

/// The handle of all users of the log. The thread ends after it is dropped.
pub(crate) struct Writer(Arc<Shared>);

pub(crate) struct Shared {
    buffer: Buffer,
    written: AtomicU64,
    full: AtomicU64,
    failed: AtomicU64,
    /// The process in which the thread runs: a fork of it has no such thread.
    process: u32,
    fork_reported: AtomicBool,
}

impl Writer {
    pub(crate) fn start(output: Box<dyn Write + Send>, capacity: usize, gap: Gap) -> Self {
        let shared = Arc::new(Shared {
            buffer: Buffer::new(capacity),
            written: AtomicU64::new(0),
            full: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            process: std::process::id(),
            fork_reported: AtomicBool::new(false),
        });
        let thread = std::thread::Builder::new().name("obs-log".to_owned());
        let run = {
            let shared = Arc::clone(&shared);
            move || thread::run(&shared, output, &gap)
        };
        if let Err(error) = thread.spawn(run) {
            shared.buffer.close();
            notice::warn(&format!("no log lines: the writer's thread did not start: {error}"));
        }
        Self(shared)
    }

    /// Takes a complete line, or drops and counts it. Neither blocks on the output nor fails. The
    /// writer is woken at once for a line that is `urgent`.
    #[inline]
    pub(crate) fn push(&self, line: &[u8], urgent: bool) {
        if !self.0.buffer.push(line, urgent) {
            self.0.full.fetch_add(1, Ordering::Relaxed);
            self.0.report_fork();
        }
    }

    /// Waits for the lines so far, at most [`BRIEFLY`], and not again while the output does not move.
    pub(crate) fn wait_briefly(&self) {
        // An output of the application's may log itself.
        if thread::is_current() || self.0.buffer.is_stuck() {
            return;
        }
        if !self.flush(BRIEFLY) {
            self.0.report_fork();
        }
    }

    /// Lines that were dropped since the start.
    pub(crate) fn lost(&self) -> u64 {
        self.0.full.load(Ordering::Relaxed) + self.0.failed.load(Ordering::Relaxed)
    }

    pub(crate) fn flush(&self, timeout: Duration) -> bool {
        self.0.buffer.wait_handled(Instant::now().checked_add(timeout))
    }

    pub(crate) fn collect(&self, out: &mut dyn Collector) {
        let read = |count: &AtomicU64| Value::Integer(count.load(Ordering::Relaxed));
        out.family(&Family::new(
            "obs_log_lines_written_total",
            Kind::Counter,
            "Log lines that were written.",
        ));
        out.sample(&[], read(&self.0.written));
        out.family(&Family::new(
            "obs_log_lines_dropped_total",
            Kind::Counter,
            "Log lines that were lost, because the buffer was full or the output failed.",
        ));
        out.sample(&[("reason", "buffer_full")], read(&self.0.full));
        out.sample(&[("reason", "io_error")], read(&self.0.failed));
        out.family(&Family::new(
            "obs_log_buffer_bytes",
            Kind::Gauge,
            "Bytes of log lines that wait for the writer.",
        ));
        out.sample(&[], Value::Integer(self.0.buffer.bytes() as u64));
    }
}

impl Shared {
    /// Says once, where it can still be said, why nothing is written in a forked process.
    #[cold]
    fn report_fork(&self) {
        if !self.fork_reported.load(Ordering::Relaxed)
            && std::process::id() != self.process
            && !self.fork_reported.swap(true, Ordering::Relaxed)
        {
            notice::on_stderr(
                "warning: this process was forked after obs was installed: its log lines are not \
                 written, because threads do not survive a fork. Install after the fork",
            );
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.0.buffer.close();
    }
}
