use super::Fault;
use crate::notice;

/// What was read in spite of a problem: reported once, in the application's log, when the settings
/// are installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warnings {
    /// Each variable that is not used as it stands, once.
    pub faults: Vec<Fault>,
    /// The signals that are off because their destination or rate cannot be used.
    pub off: Vec<SignalOff>,
}

/// A signal that is off though the environment asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignalOff {
    /// Such as `traces`.
    pub signal: &'static str,
    /// The variable that cannot be used.
    pub variable: String,
}

impl Warnings {
    /// Whether there is nothing to report.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty() && self.off.is_empty()
    }

    /// Writes each warning as a log line of its own, and one line that names the signals that are
    /// off. If `RUST_LOG` leaves these lines out, they go to standard error.
    pub fn report(&self) {
        for fault in &self.faults {
            notice::warn_in_any_case(&fault.to_string());
        }
        if !self.off.is_empty() {
            let signal = |off: &SignalOff| format!("{} off: invalid {}", off.signal, off.variable);
            notice::warn_in_any_case(&self.off.iter().map(signal).collect::<Vec<_>>().join(", "));
        }
    }
}
