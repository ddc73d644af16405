//! What formatting a line needs, kept per thread.

use std::cell::Cell;

use obs_core::redact::Written;

use super::callsite::Callsites;
use super::record::LIMIT;
use super::stamp::Stamp;

pub(crate) struct Scratch {
    pub(crate) line: Vec<u8>,
    /// The text of a `Debug` or `Display`.
    pub(crate) text: Written,
    pub(crate) seen: Vec<&'static str>,
    pub(crate) stamp: Stamp,
    pub(crate) callsites: Callsites,
}

impl Default for Scratch {
    fn default() -> Self {
        Self {
            line: Vec::new(),
            // No more than a line can hold.
            text: Written::new(LIMIT),
            seen: Vec::new(),
            stamp: Stamp::default(),
            callsites: Callsites::default(),
        }
    }
}

thread_local! {
    static SCRATCH: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
}

/// Lends this thread's scratch. It is not in its place meanwhile: a value's `Debug` that writes a
/// line itself gets another one.
pub(crate) fn with(f: impl FnOnce(&mut Scratch)) {
    let mut scratch = SCRATCH.try_with(Cell::take).ok().flatten().unwrap_or_default();
    scratch.line.clear();
    scratch.seen.clear();
    f(&mut scratch);
    let _ = SCRATCH.try_with(|slot| slot.set(Some(scratch)));
}
