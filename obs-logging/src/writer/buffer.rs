use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// After a batch the writer looks again by itself after so long, so that a busy service does not
/// pay for waking it with every line.
const PAUSE: Duration = Duration::from_millis(2);

/// What waits for the writer.
pub(super) struct Buffer {
    capacity: usize,
    state: Mutex<State>,
    /// For the writer: there is something to do.
    work: Condvar,
    /// For those who flush: a batch was handled.
    handled: Condvar,
}

struct State {
    filling: Vec<u8>,
    /// Lines in `filling`.
    lines: u64,
    /// Lines lost after those in `filling`.
    lost: u64,
    /// From so many bytes on the writer wants to be woken.
    wake_at: usize,
    /// All lines that were ever taken, and those that are dealt with.
    taken: u64,
    dealt: u64,
    flushing: bool,
    /// Somebody has waited in vain since the last batch was handled.
    stuck: bool,
    closed: bool,
}

/// What the writer took out.
#[derive(Clone, Copy)]
pub(super) struct Batch {
    pub(super) lines: u64,
    pub(super) lost: u64,
}

impl Buffer {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            state: Mutex::new(State {
                filling: Vec::new(),
                lines: 0,
                lost: 0,
                wake_at: usize::MAX,
                taken: 0,
                dealt: 0,
                flushing: false,
                stuck: false,
                closed: false,
            }),
            work: Condvar::new(),
            handled: Condvar::new(),
        }
    }

    /// Nothing in here panics half-way, so a poisoned state is whole.
    #[inline]
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `false` if the line is lost. The writer does not pause before a line that is `urgent`.
    #[inline]
    pub(super) fn push(&self, line: &[u8], urgent: bool) -> bool {
        let mut state = self.lock();
        if state.lost > 0 || state.closed || state.filling.len() + line.len() > self.capacity {
            state.lost += 1;
            if std::mem::replace(&mut state.wake_at, usize::MAX) != usize::MAX {
                self.work.notify_one();
            }
            return false;
        }
        if state.filling.len() + line.len() > state.filling.capacity() {
            self.grow(&mut state.filling, line.len());
        }
        state.filling.extend_from_slice(line);
        state.lines += 1;
        state.taken += 1;
        let wake = urgent && !std::mem::replace(&mut state.flushing, true);
        if wake || state.filling.len() >= state.wake_at {
            state.wake_at = usize::MAX;
            drop(state);
            self.work.notify_one();
        }
        true
    }

    /// Twice as much room as before, never more than the capacity.
    #[cold]
    fn grow(&self, filling: &mut Vec<u8>, more: usize) {
        let needed = filling.len() + more;
        let room = (filling.capacity() * 2).min(self.capacity).max(needed);
        filling.reserve_exact(room - filling.len());
    }

    /// Waits for lines and swaps them into `batch`, which is empty. `None` after the last ones.
    pub(super) fn take(&self, batch: &mut Vec<u8>) -> Option<Batch> {
        let mut state = self.lock();
        if !state.flushing && !state.closed {
            state.wake_at = self.capacity / 2;
            // Whoever makes it half full, flushes or closes ends the pause.
            state = wait(&self.work, state, Some(PAUSE), |state| {
                state.wake_at != usize::MAX && !state.flushing && !state.closed
            });
        }
        state.wake_at = 1;
        state = wait(&self.work, state, None, |state| {
            state.lines == 0 && state.lost == 0 && !state.closed
        });
        state.wake_at = usize::MAX;
        if state.lines == 0 && state.lost == 0 {
            return None;
        }
        std::mem::swap(&mut state.filling, batch);
        let taken = Batch { lines: state.lines, lost: state.lost };
        (state.lines, state.lost, state.flushing) = (0, 0, false);
        Some(taken)
    }

    /// So many lines are written or lost.
    pub(super) fn handled(&self, lines: u64) {
        let mut state = self.lock();
        (state.dealt, state.stuck) = (state.dealt + lines, false);
        drop(state);
        self.handled.notify_all();
    }

    /// Waits until all lines so far are dealt with. `false` after the deadline.
    pub(super) fn wait_handled(&self, deadline: Option<Instant>) -> bool {
        let mut state = self.lock();
        let target = state.taken;
        if state.dealt < target {
            state.flushing = true;
            self.work.notify_one();
        }
        while state.dealt < target {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                state.stuck = true;
                return false;
            }
            let left = left.unwrap_or(Duration::MAX);
            let woken = self.handled.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Whether an output that does not move has been waited for already.
    pub(super) fn is_stuck(&self) -> bool {
        self.lock().stuck
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_one();
    }

    pub(super) fn bytes(&self) -> usize {
        self.lock().filling.len()
    }
}

/// Waits while `idle` holds, at most for `pause`.
fn wait<'a>(
    condvar: &Condvar,
    state: MutexGuard<'a, State>,
    pause: Option<Duration>,
    idle: impl FnMut(&mut State) -> bool,
) -> MutexGuard<'a, State> {
    match pause {
        Some(pause) => {
            let woken = condvar.wait_timeout_while(state, pause, idle);
            woken.unwrap_or_else(PoisonError::into_inner).0
        }
        None => condvar.wait_while(state, idle).unwrap_or_else(PoisonError::into_inner),
    }
}
