use std::fmt;
use std::sync::{OnceLock, Weak};

use obs_core::Source;

/// Where the rounds read. Whoever has it comes later than the export thread, whose numbers it shows.
#[derive(Default)]
pub(crate) struct Inputs {
    pub(crate) source: OnceLock<Weak<dyn Source>>,
    pub(crate) exposition: OnceLock<Box<Write>>,
}

/// Writes an exposition; `None` if there is none any more.
pub(crate) type Write = dyn Fn() -> Option<String> + Send + Sync;

impl fmt::Debug for Inputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inputs").finish_non_exhaustive()
    }
}
