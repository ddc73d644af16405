//! What tells one series from another.

use obs_core::METHODS;

/// Method and status, in one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Series(u32);

impl Series {
    #[inline]
    pub(crate) fn new(method: &str, status: u16) -> Self {
        let known = METHODS.iter().position(|known| *known == method);
        let method = known.unwrap_or(METHODS.len()) as u32;
        Self(method << 16 | u32::from(status))
    }

    /// `None`: outside of [`METHODS`].
    pub(crate) fn method(self) -> Option<&'static str> {
        METHODS.get((self.0 >> 16) as usize).copied()
    }

    pub(crate) fn status(self) -> u16 {
        (self.0 & 0xffff) as u16
    }
}

/// A series of a route; the route as numbered by the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) route: u32,
    pub(super) series: Series,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_bounded() {
        for method in ["GET", "PATCH", "CONNECT"] {
            assert_eq!(Series::new(method, 200).method(), Some(method));
        }
        for method in ["BREW", "get", "", "OTHER"] {
            assert_eq!(Series::new(method, 418).method(), None);
        }
        assert_eq!(Series::new("BREW", 418).status(), 418);
    }
}
