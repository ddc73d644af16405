//! A text that stays where it is.

use std::any::Any;

use obs_core::Route;

/// The text of a route, at its address: that of a dropped one is used again.
pub(super) struct KeptText {
    address: usize,
    length: usize,
    _owner: Box<dyn Any>,
}

impl KeptText {
    pub(super) fn new(route: Route<'_>) -> Self {
        let Route { pattern, owner } = route;
        Self { address: pattern.as_ptr().addr(), length: pattern.len(), _owner: owner.keep() }
    }

    pub(super) fn address(&self) -> usize {
        self.address
    }

    /// Whether `pattern` is this very text, not only an equal one.
    #[inline]
    pub(super) fn is(&self, pattern: &str) -> bool {
        self.address == pattern.as_ptr().addr() && self.length == pattern.len()
    }
}
