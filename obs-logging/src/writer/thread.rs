use std::cell::Cell;
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::Ordering;
use std::time::Duration;

use obs_core::notice;

use super::{Gap, Shared};

/// Memory that a burst may leave behind, in bytes.
const KEEP: usize = 1 << 20;
/// How long an output that is not ready is left alone.
const NOT_READY: Duration = Duration::from_millis(5);

thread_local! {
    static IS_WRITER: Cell<bool> = const { Cell::new(false) };
}

/// Whether this is the thread of a writer, which must not wait for itself.
pub(super) fn is_current() -> bool {
    IS_WRITER.try_with(Cell::get).unwrap_or(false)
}

/// The writer's thread.
pub(super) fn run(shared: &Shared, output: Box<dyn Write + Send>, gap: &Gap) {
    IS_WRITER.set(true);
    let mut output = Output { output, torn: false, broken: false };
    let mut batch = Vec::new();
    let mut missing = 0;
    while let Some(taken) = shared.buffer.take(&mut batch) {
        missing = say(&mut output, missing, gap);
        let written = match output.write(&batch) {
            Ok(()) => taken.lines,
            Err(at) => lines(&batch, at),
        };
        let failed = taken.lines - written;
        shared.written.fetch_add(written, Ordering::Relaxed);
        shared.failed.fetch_add(failed, Ordering::Relaxed);
        missing += failed + taken.lost;
        if failed == 0 {
            missing = say(&mut output, missing, gap);
        }
        batch.clear();
        batch.shrink_to(KEEP);
        shared.buffer.handled(taken.lines);
    }
}

/// Tells the log how many lines are missing here. Returns how many it still does not know of.
fn say(output: &mut Output, missing: u64, gap: &Gap) -> u64 {
    if missing == 0 || output.write(&gap(missing)).is_ok() { 0 } else { missing }
}

/// How many lines are written if `at` bytes are: all but the newline is enough, because that comes
/// before whatever is next. What begins with a space belongs to the line before it.
fn lines(batch: &[u8], at: usize) -> u64 {
    let ends = (0..=at).filter(|i| batch[*i] == b'\n' && batch.get(i + 1) != Some(&b' '));
    ends.count() as u64
}

struct Output {
    output: Box<dyn Write + Send>,
    /// A line was begun whose newline is still missing.
    torn: bool,
    /// The last write failed, and this was reported.
    broken: bool,
}

impl Output {
    /// Writes all, except perhaps the last newline, or returns how much was written until the
    /// output failed.
    fn write(&mut self, bytes: &[u8]) -> Result<(), usize> {
        if self.torn && !bytes.is_empty() {
            self.write_all(b"\n").map_err(|_| 0_usize)?;
            self.torn = false;
        }
        let Err(at) = self.write_all(bytes) else { return Ok(()) };
        self.torn |= at > 0 && bytes[at - 1] != b'\n';
        if at + 1 == bytes.len() { Ok(()) } else { Err(at) }
    }

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), usize> {
        let mut at = 0;
        while at < bytes.len() {
            match retry(|| self.output.write(&bytes[at..])) {
                Ok(0) => return Err(self.fail(at, &ErrorKind::WriteZero.into())),
                Err(error) => return Err(self.fail(at, &error)),
                Ok(count) => at = (at + count).min(bytes.len()),
            }
        }
        // What a buffer of the output's own could not pass on may still be passed on later.
        let _ = retry(|| self.output.flush());
        self.broken = false;
        Ok(())
    }

    /// Tells of a failure once, until it is over: the log itself cannot.
    fn fail(&mut self, at: usize, error: &io::Error) -> usize {
        if !std::mem::replace(&mut self.broken, true) {
            notice::on_stderr(&format!(
                "warning: the log cannot be written: {error}; its lines are lost, and counted in \
                 obs_log_lines_dropped_total"
            ));
        }
        at
    }
}

/// A pipe that is full and does not block is slow, not broken.
fn retry<T>(mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match attempt() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::sleep(NOT_READY),
            result => return result,
        }
    }
}
