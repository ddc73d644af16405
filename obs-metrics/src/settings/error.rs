use std::fmt::{self, Display, Formatter};

/// A setting that metrics cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {fault}")]
#[non_exhaustive]
pub struct SettingsError {
    /// The setting as code has it: `max_routes = 0`, `naming.namespace("9 shop")`,
    /// `naming.family("orders_total")`.
    pub setting: String,
    /// What is wrong with it, and what is allowed.
    pub fault: String,
}

impl SettingsError {
    pub(crate) fn new(setting: impl Into<String>, fault: impl Display) -> Self {
        Self { setting: setting.into(), fault: fault.to_string() }
    }
}

/// What [`MetricsSettings::check`](crate::MetricsSettings::check) refuses: every mistake, each once
/// and in a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsErrors(pub Vec<SettingsError>);

/// One to a line.
impl Display for SettingsErrors {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            write!(f, "{}{error}", if index > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingsErrors {}
