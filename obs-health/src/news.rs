use obs_core::notice;

use crate::reading::{ErrorKind, Reading};

/// What was logged about a check: each change once, not each run.
#[derive(Default)]
pub(crate) struct Told {
    failing: bool,
    /// Another check has taken the name; a run that is still under way says nothing under it.
    silent: bool,
}

impl Told {
    pub(crate) fn hand_over(&mut self) -> Self {
        self.silent = true;
        Self { failing: self.failing, silent: false }
    }

    pub(crate) fn news(&mut self, reading: &Reading) -> Option<News> {
        if self.silent {
            return None;
        }
        let failing = reading.failed.is_some();
        let before = std::mem::replace(&mut self.failing, failing);
        match reading.failed {
            Some(kind) if !before => Some(News::Fails(kind)),
            None if before => Some(News::Passes),
            _ => None,
        }
    }
}

/// A change that is not logged yet.
pub(crate) enum News {
    Fails(ErrorKind),
    Passes,
}

impl News {
    pub(crate) fn tell(&self, name: &str, cause: &str) {
        match self {
            Self::Fails(kind) => {
                let kind = kind.as_str();
                notice::warn(&format!("health check {name:?} fails ({kind}): {cause}"));
            }
            Self::Passes => notice::info(&format!("health check {name:?} passes again")),
        }
    }
}
