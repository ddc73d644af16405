use super::gauge::Gauge;
use super::labels::Labels;

/// A family of facts about the service, all of them in its labels `L`: each series is 1.
///
/// Cheap to clone. Made by [`Families::info`](crate::Families::info).
pub struct Info<L>(Gauge<L>);

impl<L> Info<L> {
    pub(crate) fn new(gauge: Gauge<L>) -> Self {
        Self(gauge)
    }
}

impl<L: Labels> Info<L> {
    /// Shows these labels. What was set before stays: it is as true as this.
    #[inline]
    pub fn set(&self, labels: L) {
        self.0.set(labels, 1.0);
    }
}

impl<L> Clone for Info<L> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<L> std::fmt::Debug for Info<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Info").field(&self.0).finish()
    }
}
