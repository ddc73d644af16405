/// What of the metrics is shown. [`split_business`](crate::MetricsSettings::split_business) says
/// whether one endpoint has all of it, or two have a part each.
///
/// A family is in one part only, whether it is used or not; its name is taken in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Everything.
    All,
    /// The families of [`business`](crate::business), and those that the application registers:
    /// with [`define_metrics!`](crate::define_metrics) or in [`Metrics::families`](crate::Metrics::families).
    Business,
    /// Everything else: requests, what the service works with, every source that was added, and what
    /// is reported about the metrics themselves, also of those of the business.
    Rest,
}

impl Part {
    /// Whether a family of the part `other` is shown in this one.
    pub(crate) fn shows(self, other: Self) -> bool {
        self == Self::All || self == other
    }
}
