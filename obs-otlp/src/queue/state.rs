use std::collections::VecDeque;
use std::time::Instant;

use super::{Item, Limits};
use crate::reason::Reason;

/// Items that are delivered together.
pub(crate) struct Batch<T> {
    pub(crate) items: Vec<T>,
    pub(crate) load: Load,
}

/// How much something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) count: u64,
    bytes: usize,
}

impl Load {
    /// Looks at everything in the item, so not while the queue is locked.
    pub(super) fn of(item: &impl Item) -> Self {
        Self { count: item.count(), bytes: item.bytes() }
    }

    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.bytes += other.bytes;
    }

    fn subtract(&mut self, other: Self) {
        self.count = self.count.saturating_sub(other.count);
        self.bytes = self.bytes.saturating_sub(other.bytes);
    }
}

/// What a pipeline has to do.
pub(crate) enum Step<T> {
    /// Deliver this.
    Deliver(Batch<T>),
    /// Wait for a change, at most until then.
    Wait(Option<Instant>),
    /// End: closed, and nothing is left.
    End,
}

/// The numbers of a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) accepted: u64,
    pub(crate) written: u64,
    pub(crate) dropped: [u64; Reason::ALL.len()],
    pub(crate) bytes: usize,
}

enum Door {
    Open,
    /// It ends: one more push is to come, from what closes it.
    Ending,
    /// Nothing comes in; the rest is delivered.
    Closing,
    /// Nothing comes in, nothing is left.
    Closed(Reason),
}

pub(super) struct State<T> {
    waiting: VecDeque<(Load, T)>,
    waits: Load,
    under_way: Load,
    /// When the oldest of `waiting` is to be sent. Meaningless if there is none.
    due: Option<Instant>,
    /// Items that were let in since the start.
    entered: u64,
    /// Up to this item a flush waits for the delivery.
    hurried: u64,
    hurries: u64,
    door: Door,
    accepted: u64,
    written: u64,
    dropped: [u64; Reason::ALL.len()],
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            waits: Load::default(),
            under_way: Load::default(),
            due: None,
            entered: 0,
            hurried: 0,
            hurries: 0,
            door: Door::Open,
            accepted: 0,
            written: 0,
            dropped: [0; Reason::ALL.len()],
        }
    }
}

impl<T: Item> State<T> {
    /// Whether the pipeline has to know. An item that is lost comes back.
    pub(super) fn push(&mut self, item: T, load: Load, limits: &Limits) -> Result<bool, T> {
        self.accepted += load.count;
        let full = self.waits.bytes + self.under_way.bytes + load.bytes > limits.bytes;
        let lost = match self.door {
            Door::Closed(reason) => Some(reason),
            Door::Closing => Some(Reason::Shutdown),
            Door::Open | Door::Ending => full.then_some(Reason::QueueFull),
        };
        if let Some(reason) = lost {
            self.lose(load.count, reason);
            return Err(item);
        }
        let first = self.waiting.is_empty();
        if first {
            self.due = Some(Instant::now() + limits.interval);
        }
        let before = self.waits.bytes;
        self.entered += load.count;
        self.waits.add(load);
        self.waiting.push_back((load, item));
        Ok(first || (before < limits.batch_bytes && self.waits.bytes >= limits.batch_bytes))
    }

    pub(super) fn step(&mut self, limits: &Limits, now: Instant) -> Step<T> {
        let open = matches!(self.door, Door::Open);
        if self.waiting.is_empty() {
            let more = matches!(self.door, Door::Open | Door::Ending);
            return if more { Step::Wait(None) } else { Step::End };
        }
        let due = self.due.filter(|due| *due > now);
        let wait = open && self.left() >= self.hurried && self.waits.bytes < limits.batch_bytes;
        match due {
            Some(due) if wait => Step::Wait(Some(due)),
            _ => Step::Deliver(self.take(limits.batch_bytes)),
        }
    }

    /// At least one item, then as many as fit.
    fn take(&mut self, bytes: usize) -> Batch<T> {
        let mut items = Vec::new();
        let mut load = Load::default();
        while let Some((item_load, item)) = self.waiting.pop_front() {
            load.add(item_load);
            items.push(item);
            let next = self.waiting.front().map_or(0, |(load, _)| load.bytes);
            if load.bytes + next > bytes {
                break;
            }
        }
        self.waits.subtract(load);
        self.under_way = load;
        Batch { items, load }
    }

    /// Without effect after [`abandon`](Self::abandon), which has counted what was under way.
    pub(super) fn settle(&mut self, written: u64, reason: Reason) {
        let load = std::mem::take(&mut self.under_way);
        let written = written.min(load.count);
        self.written += written;
        self.lose(load.count - written, reason);
    }

    #[must_use]
    pub(super) fn abandon(&mut self, reason: Reason) -> VecDeque<(Load, T)> {
        let waits = std::mem::take(&mut self.waits);
        let under_way = std::mem::take(&mut self.under_way);
        self.lose(waits.count + under_way.count, reason);
        match self.door {
            Door::Open => self.door = Door::Closed(reason),
            Door::Ending | Door::Closing => self.door = Door::Closed(Reason::Shutdown),
            Door::Closed(_) => {}
        }
        std::mem::take(&mut self.waiting)
    }

    /// As [`close`](Self::close), but what is pushed until then is still let in.
    pub(super) fn end(&mut self) {
        if matches!(self.door, Door::Open) {
            self.door = Door::Ending;
        }
        self.hurries += 1;
    }

    pub(super) fn close(&mut self) {
        if matches!(self.door, Door::Open | Door::Ending) {
            self.door = Door::Closing;
        }
        self.hurries += 1;
    }

    pub(super) fn is_closing(&self) -> bool {
        !matches!(self.door, Door::Open)
    }

    pub(super) fn hurry(&mut self) -> u64 {
        self.hurries += 1;
        self.hurried = self.entered;
        self.entered
    }

    pub(super) fn hurries(&self) -> u64 {
        self.hurries
    }

    /// Items that are written or lost, of those that were let in.
    pub(super) fn left(&self) -> u64 {
        self.entered.saturating_sub(self.waits.count).saturating_sub(self.under_way.count)
    }

    pub(super) fn tally(&self) -> Tally {
        Tally {
            accepted: self.accepted,
            written: self.written,
            dropped: self.dropped,
            bytes: self.waits.bytes + self.under_way.bytes,
        }
    }

    /// What came, but is not even pushed.
    pub(super) fn refuse(&mut self, count: u64, reason: Reason) {
        self.accepted += count;
        self.lose(count, reason);
    }

    fn lose(&mut self, count: u64, reason: Reason) {
        self.dropped[reason as usize] += count;
    }
}
