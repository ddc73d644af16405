//! What formatting a line needs, kept per thread.

use std::cell::Cell;
use std::fmt;

use super::callsite::Callsites;
use super::record::LIMIT;
use super::stamp::Stamp;

#[derive(Default)]
pub(crate) struct Scratch {
    pub(crate) line: Vec<u8>,
    pub(crate) text: Text,
    pub(crate) seen: Vec<&'static str>,
    pub(crate) stamp: Stamp,
    pub(crate) callsites: Callsites,
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

/// The text of a `Debug` or `Display`. Takes no more than a line can hold.
#[derive(Default)]
pub(crate) struct Text(String);

impl Text {
    pub(crate) fn of(&mut self, value: fmt::Arguments<'_>) -> &str {
        self.0.clear();
        let _ = fmt::write(self, value);
        &self.0
    }
}

impl fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Never an error: a `Debug` of the application's may unwrap it.
        let room = LIMIT.saturating_sub(self.0.len());
        self.0.push_str(&text[..text.floor_char_boundary(room)]);
        Ok(())
    }
}
