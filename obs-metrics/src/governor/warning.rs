use std::fmt::{self, Display, Formatter};

use obs_core::{notice, redact};

use super::{LabelBudget, OTHER};
use crate::families::FamilyDefinition;

/// What is said when a family has its first value too many.
#[derive(Debug)]
pub(crate) struct Warning<'a> {
    pub(crate) family: &'a FamilyDefinition,
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
        let Self { family, label, refused } = self;
        let FamilyDefinition { name: metric, place, .. } = family;
        let (name, values) = (label.name(), label.values());
        write!(f, "metric {metric}, registered at {place}: label {name:?} has ")?;
        match label.limit() {
            Some(limit) if values >= limit => write!(f, "more than {limit} values")?,
            _ => write!(f, "{values} values, too many for the budget of series")?,
        }
        write!(f, ", such as {:?}", redact::text(refused))?;
        if let Some(example) = label.example(refused) {
            write!(f, " and {:?}", redact::text(&example))?;
        }
        write!(f, "; further ones become {OTHER:?}")
    }
}
