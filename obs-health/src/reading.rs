use std::time::{Duration, Instant};

/// What one run of a check found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// When the run ended.
    pub(crate) at: Instant,
    pub(crate) latency: Duration,
    pub(crate) failed: Option<ErrorKind>,
}

/// All that an answer says about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    Timeout,
    Error,
    Panic,
}

impl ErrorKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Error => "error",
            Self::Panic => "panic",
        }
    }
}
