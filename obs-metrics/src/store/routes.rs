//! The routes of a store, numbered.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use obs_core::{ErrorClass, UNKNOWN_ROUTE};

use crate::OTHER;

/// Every family that has a route asks here, so that all know the same ones.
#[derive(Debug)]
pub(crate) struct Routes {
    limit: usize,
    /// By their pattern.
    given: BTreeMap<String, String>,
    names: RwLock<Names>,
    overflowed: AtomicU64,
}

#[derive(Debug, Default)]
struct Names {
    by_name: HashMap<Arc<str>, u32>,
    by_number: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    name: Arc<str>,
    /// Those that the service told of, by class.
    errors: [AtomicU64; 2],
}

/// By [`ErrorClass`].
pub(crate) type Errors = [u64; 2];

impl Routes {
    /// At most `limit`, with names that were `given` to patterns.
    pub(crate) fn new(limit: usize, given: BTreeMap<String, String>) -> Self {
        Self { limit, given, names: RwLock::default(), overflowed: AtomicU64::new(0) }
    }

    /// What a pattern is called in every label.
    pub(crate) fn resolve(&self, pattern: &str) -> Arc<str> {
        self.name(self.number(pattern))
    }

    /// The number of a pattern; that of the overflow once the limit is reached.
    pub(super) fn number(&self, pattern: &str) -> u32 {
        let pattern = self.given.get(pattern).map_or(pattern, String::as_str);
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = names.by_name.get(pattern) {
            return *number;
        }
        drop(names);
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = names.by_name.get(pattern) {
            return *number;
        }
        if names.by_number.len() < self.limit || pattern == UNKNOWN_ROUTE {
            return names.add(pattern);
        }
        self.overflowed.fetch_add(1, Ordering::Relaxed);
        let known = names.by_name.get(OTHER).copied();
        known.unwrap_or_else(|| names.add(OTHER))
    }

    /// The pattern, or its name, of a number that [`number`](Self::number) gave.
    pub(super) fn name(&self, number: u32) -> Arc<str> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        let known = names.by_number.get(number as usize);
        known.map_or_else(|| OTHER.into(), |known| Arc::clone(&known.name))
    }

    /// An error on the route of a number, without a request.
    pub(super) fn record_error(&self, number: u32, class: ErrorClass) {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names.by_number.get(number as usize) {
            known.errors[class as usize].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Of the routes that have some.
    pub(super) fn errors(&self) -> BTreeMap<Arc<str>, Errors> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        let errors = names.by_number.iter().map(|Known { name, errors }| {
            (Arc::clone(name), errors.each_ref().map(|errors| errors.load(Ordering::Relaxed)))
        });
        errors.filter(|(_, errors)| *errors != [0; 2]).collect()
    }

    pub(super) fn overflowed(&self) -> u64 {
        self.overflowed.load(Ordering::Relaxed)
    }
}

impl Names {
    fn add(&mut self, name: &str) -> u32 {
        let number = self.by_number.len() as u32;
        let name: Arc<str> = name.into();
        self.by_number.push(Known { name: Arc::clone(&name), errors: Default::default() });
        self.by_name.insert(name, number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_beyond_the_limit_share_one_name() {
        let routes = Routes::new(2, [("/b2".to_owned(), "/b".to_owned())].into());
        let numbers: Vec<u32> =
            ["/a", "/b", "/c", "/d", "/a"].map(|name| routes.number(name)).into();
        assert_eq!(numbers, [0, 1, 2, 2, 0]);
        assert_eq!([0, 1, 2].map(|number| routes.name(number).to_string()), ["/a", "/b", "other"]);
        assert_eq!(routes.overflowed(), 2);
        assert_eq!(routes.number("/b2"), 1, "what has the same name is one route");
        assert_eq!(routes.number(UNKNOWN_ROUTE), 3, "a miss is never an overflow");
    }
}
