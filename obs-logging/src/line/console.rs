use std::time::Duration;

use obs_core::Finished;
use tracing_core::{Event, Level};

#[derive(Clone)]
pub(crate) struct Console;

impl Console {
    pub(crate) fn new(_: bool, _: usize) -> Self {
        Self
    }
    pub(crate) fn event(&self, _: &Event<'_>, _: Duration, _: impl FnOnce(&[u8])) {}
    pub(crate) fn access(&self, _: &Finished<'_>, _: Level, _: impl FnOnce(&[u8])) {}
    pub(crate) fn gap(&self, _: Duration, _: u64) -> Vec<u8> {
        Vec::new()
    }
}
