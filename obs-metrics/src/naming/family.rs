use std::collections::BTreeMap;

/// What of one family differs from the canonical.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FamilyNaming {
    pub(super) name: Option<String>,
    pub(super) help: Option<String>,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) dropped: Vec<String>,
    pub(super) buckets: Option<Vec<f64>>,
    pub(super) strict_buckets: Option<Vec<f64>>,
    pub(super) off: Option<bool>,
}

/// A family as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) help: String,
    /// Of each canonical label; `None` if the family goes without it.
    pub(crate) labels: Vec<Option<String>>,
    /// `None`: those of the settings or of the family.
    pub(crate) buckets: Option<Vec<f64>>,
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
        self.name = Some(name.into());
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
        self.dropped.push(canonical.into());
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

    /// Shows a family that is only shown when somebody asks for it.
    #[must_use]
    pub fn on(mut self) -> Self {
        self.off = Some(false);
        self
    }
}
