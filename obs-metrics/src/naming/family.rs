use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Canonical;
use crate::{Definition, LabelValues};

/// What of one family differs from the canonical.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FamilyNaming {
    pub(super) name: Option<Name>,
    pub(super) help: Option<String>,
    pub(super) labels: BTreeMap<String, String>,
    /// Whether the family has them, where that is not as usual.
    pub(super) shown: BTreeMap<String, bool>,
    pub(super) known: BTreeMap<String, Vec<String>>,
    pub(super) buckets: Option<Vec<f64>>,
    pub(super) strict_buckets: Option<Vec<f64>>,
    pub(super) off: Option<bool>,
}

/// A name that is set.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Name {
    Whole(String),
    /// After the namespace, or after `default` if none is set.
    Within {
        default: &'static str,
        name: String,
    },
}

impl Name {
    pub(super) fn resolve(self, namespace: &str) -> String {
        match self {
            Self::Whole(name) => name,
            Self::Within { default, name } => {
                prefixed(if namespace.is_empty() { default } else { namespace }, name)
            }
        }
    }
}

/// Nothing but the name in an empty namespace.
pub(super) fn prefixed(namespace: &str, name: String) -> String {
    if namespace.is_empty() { name } else { format!("{namespace}_{name}") }
}

/// A family as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) help: String,
    /// Of its values, whatever its name is.
    pub(crate) unit: Option<Cow<'static, str>>,
    /// Of each canonical label; `None` if the family goes without it.
    pub(crate) labels: Vec<Option<String>>,
    /// Of each canonical label: values that are shown before their first use.
    pub(crate) known: Vec<Vec<String>>,
    /// `None`: those of the settings or of the family.
    pub(crate) buckets: Option<Vec<f64>>,
    /// Whether it is shown from the start.
    pub(crate) at_start: bool,
}

impl Named {
    /// What is to be registered, with what values each label has.
    pub(crate) fn definition(&self, canonical: &Canonical) -> (Definition, Vec<LabelValues>) {
        let labels = self.labels.iter().zip(&self.known).zip(canonical.labels);
        let shown = labels.filter_map(|((name, known), label)| Some((name.clone()?, known, label)));
        let shown: Vec<_> = shown.collect();
        let mut definition = Definition::new(self.name.clone(), self.help.clone())
            .unit_of_values(self.unit.clone())
            .labels(shown.iter().map(|(name, ..)| name.clone()));
        for (name, known, _) in &shown {
            definition = definition.known(name.clone(), known.to_vec());
        }
        if let Some(bounds) = &self.buckets {
            definition = definition.buckets(bounds.clone());
        }
        (definition, shown.iter().map(|(.., label)| label.values).collect())
    }
}

impl FamilyNaming {
    /// Nothing differs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The whole name, with namespace, unit and, for counters, `_total`.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(Name::Whole(name.into()));
        self
    }

    /// The name after the service's namespace, or after this one if none is set.
    pub(super) fn name_within(mut self, default: &'static str, name: &str) -> Self {
        self.name = Some(Name::Within { default, name: name.to_owned() });
        self
    }

    /// The help text.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Renames a label of this family.
    #[must_use]
    pub fn label(mut self, canonical: impl Into<String>, name: impl Into<String>) -> Self {
        self.labels.insert(canonical.into(), name.into());
        self
    }

    /// Leaves a label out: what differs only in it becomes one series.
    #[must_use]
    pub fn without(mut self, canonical: impl Into<String>) -> Self {
        self.shown.insert(canonical.into(), false);
        self
    }

    /// Shows a label that the family only has on request, such as `product_id`.
    #[must_use]
    pub fn with(mut self, canonical: impl Into<String>) -> Self {
        self.shown.insert(canonical.into(), true);
        self
    }

    /// Values of an open label that are shown at 0 before their first use: at once if there are such
    /// for every label of the family and at most 128 combinations, else together with the first
    /// series that differs only in them.
    #[must_use]
    pub fn known<T: Into<String>>(
        mut self,
        canonical: impl Into<String>,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        self.known.insert(canonical.into(), values.into_iter().map(Into::into).collect());
        self
    }

    /// Upper bounds of a histogram's buckets, ascending, in its unit.
    #[must_use]
    pub fn buckets(mut self, bounds: impl Into<Vec<f64>>) -> Self {
        self.buckets = Some(bounds.into());
        self
    }

    /// Those for [`Naming::strict_buckets`](super::Naming::strict_buckets).
    #[must_use]
    pub fn strict_buckets(mut self, bounds: impl Into<Vec<f64>>) -> Self {
        self.strict_buckets = Some(bounds.into());
        self
    }

    /// Does not show the family.
    #[must_use]
    pub fn off(mut self) -> Self {
        self.off = Some(true);
        self
    }

    /// Shows the family from the start, also one that is only shown on request. Others
    /// are shown from their first use on.
    #[must_use]
    pub fn on(mut self) -> Self {
        self.off = Some(false);
        self
    }
}
