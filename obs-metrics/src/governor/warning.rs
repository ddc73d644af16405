use std::fmt::{self, Display, Formatter};
use std::panic::Location;

use obs_core::notice;
use obs_core::redact::bounded;

use super::{LabelBudget, MAX_VALUE_BYTES, OTHER};

/// What is said when a family has its first value too many.
#[derive(Debug)]
pub(crate) struct Warning<'a> {
    pub(crate) family: &'a str,
    /// Where it was registered; `None` of requests.
    pub(crate) place: Option<&'static Location<'static>>,
    pub(crate) label: &'a LabelBudget,
    pub(crate) refused: &'a str,
}

impl Warning<'_> {
    #[cold]
    pub(crate) fn say(&self) {
        notice::warn(&self.to_string());
    }
}

impl Display for Warning<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { family, place, label, refused } = self;
        write!(f, "metric {family}")?;
        if let Some(place) = place {
            write!(f, ", registered at {place}")?;
        }
        let (name, values) = (label.name(), label.values());
        write!(f, ": label {name:?} has ")?;
        match label.limit() {
            Some(limit) if values >= limit => write!(f, "more than {limit} values")?,
            _ => write!(f, "{values} values, too many for the budget of series")?,
        }
        write!(f, ", such as {:?}", bounded(refused, MAX_VALUE_BYTES))?;
        if let Some(example) = label.example(refused) {
            write!(f, " and {:?}", bounded(&example, MAX_VALUE_BYTES))?;
        }
        write!(f, "; further ones become {OTHER:?}")
    }
}
