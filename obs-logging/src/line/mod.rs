//! What a line looks like.

mod call;
mod callsite;
mod console;
mod escape;
mod json;
mod paint;
mod record;
mod reserved;
mod scope;
mod scratch;
mod stamp;
mod visit;

use std::time::Duration;

use obs_core::{Finished, FinishedCall};
use tracing_core::{Event, Level};

pub(crate) use self::console::Console;
pub(crate) use self::json::Json;

/// The two forms of a line.
#[derive(Clone)]
pub(crate) enum Form {
    Json(Json),
    Console(Console),
}

impl Form {
    /// Gives the line of an event to `push`.
    pub(crate) fn event(&self, event: &Event<'_>, at: Duration, push: impl FnOnce(&[u8])) {
        match self {
            Self::Json(json) => json.event(event, at, push),
            Self::Console(console) => console.event(event, at, push),
        }
    }

    /// Gives the line of a finished request or job to `push`.
    pub(crate) fn access(&self, end: &Finished<'_>, level: Level, push: impl FnOnce(&[u8])) {
        match self {
            Self::Json(json) => json.access(end, level, push),
            Self::Console(console) => console.access(end, level, push),
        }
    }

    /// Gives the line of a slow call to `push`.
    pub(crate) fn slow_call(&self, call: &FinishedCall<'_>, push: impl FnOnce(&[u8])) {
        match self {
            Self::Json(json) => json.slow_call(call, push),
            Self::Console(console) => console.slow_call(call, push),
        }
    }

    /// The line that stands for `count` lost ones.
    pub(crate) fn gap(&self, at: Duration, count: u64) -> Vec<u8> {
        match self {
            Self::Json(json) => json.gap(at, count),
            Self::Console(console) => console.gap(at, count),
        }
    }
}
