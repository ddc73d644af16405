//! The routes of a store, numbered: as many as there may be.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use obs_core::{ErrorClass, UNKNOWN_ROUTE};

use crate::OTHER;
use crate::governor::{LabelBudget, LabelCardinality, Warning, cut};

#[derive(Debug)]
pub(crate) struct Routes {
    /// The family that a warning is about.
    family: String,
    budget: LabelBudget,
    warned: AtomicBool,
    /// Names, by their pattern.
    given: BTreeMap<String, String>,
    names: RwLock<Names>,
}

#[derive(Debug, Default)]
struct Names {
    by_name: HashMap<Arc<str>, u32>,
    by_number: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    name: Arc<str>,
    /// Those that the service reported, by class.
    errors: [AtomicU64; 2],
    /// Those of tasks: errors and panics.
    exceptions: [AtomicU64; 2],
}

/// What was counted on a route without a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reported {
    /// By [`ErrorClass`].
    pub(crate) errors: [u64; 2],
    /// Of tasks: errors and panics.
    pub(crate) exceptions: [u64; 2],
}

impl Routes {
    /// At most `limit`, in the label `label` of `family`, with names that were `given` to patterns.
    pub(crate) fn new(
        (family, label): (String, String),
        limit: usize,
        given: BTreeMap<String, String>,
    ) -> Self {
        Self {
            family,
            budget: LabelBudget::new(&label, Some(limit)),
            warned: AtomicBool::new(false),
            given,
            names: RwLock::default(),
        }
    }

    fn called<'a>(&'a self, pattern: &'a str) -> &'a str {
        cut(self.given.get(pattern).map_or(pattern, String::as_str))
    }

    /// What a label of another family says: the same as that of the requests, but a route that no
    /// request had takes no place from those that some will have.
    pub(crate) fn label<'a>(&'a self, pattern: &'a str) -> &'a str {
        let name = self.called(pattern);
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        let known = name == UNKNOWN_ROUTE || names.by_name.contains_key(name);
        if known || self.budget.admits(name) { name } else { OTHER }
    }

    /// The number of a pattern; that of the overflow once the limit is reached.
    pub(super) fn number(&self, pattern: &str) -> u32 {
        let name = self.called(pattern);
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = names.by_name.get(name) {
            return *number;
        }
        let other = names.by_name.get(OTHER).copied();
        drop(names);
        if name != UNKNOWN_ROUTE && !self.budget.admits(name) {
            self.refuse(name);
            return other.unwrap_or_else(|| self.other());
        }
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = names.by_name.get(name) {
            return *number;
        }
        let kept = match name {
            UNKNOWN_ROUTE => name.into(),
            // The last place may be gone by now.
            _ if !self.budget.admits(name) => OTHER.into(),
            _ => self.budget.keep(name),
        };
        names.number(kept)
    }

    /// That of the overflow, which there is from now on.
    pub(super) fn other(&self) -> u32 {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = names.by_name.get(OTHER) {
            return *number;
        }
        drop(names);
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        names.number(OTHER.into())
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

    /// Exceptions of tasks on the route of a number.
    pub(super) fn record_exceptions(&self, number: u32, panics: bool, count: u64) {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names.by_number.get(number as usize) {
            known.exceptions[usize::from(panics)].fetch_add(count, Ordering::Relaxed);
        }
    }

    /// Of the routes that have some.
    pub(super) fn reported(&self) -> BTreeMap<Arc<str>, Reported> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        let read = |counts: &[AtomicU64; 2]| counts.each_ref().map(|it| it.load(Ordering::Relaxed));
        let reported = names.by_number.iter().map(|Known { name, errors, exceptions }| {
            let reported = Reported { errors: read(errors), exceptions: read(exceptions) };
            (Arc::clone(name), reported)
        });
        reported.filter(|(_, reported)| *reported != Reported::default()).collect()
    }

    fn refuse(&self, name: &str) {
        self.budget.refuse(name);
        if !self.warned.swap(true, Ordering::Relaxed) {
            let label = &self.budget;
            Warning { family: &self.family, place: None, label, refused: name }.say();
        }
    }

    pub(super) fn overflowed(&self) -> u64 {
        self.cardinality().overflowed
    }

    pub(crate) fn family(&self) -> &str {
        &self.family
    }

    pub(crate) fn cardinality(&self) -> LabelCardinality {
        self.budget.report()
    }
}

impl Names {
    fn number(&mut self, name: Arc<str>) -> u32 {
        match self.by_name.get(&name) {
            Some(number) => *number,
            None => self.add(name),
        }
    }

    fn add(&mut self, name: Arc<str>) -> u32 {
        let number = self.by_number.len() as u32;
        let (errors, exceptions) = Default::default();
        self.by_number.push(Known { name: Arc::clone(&name), errors, exceptions });
        self.by_name.insert(name, number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(limit: usize, given: &[(&str, &str)]) -> Routes {
        let given = given.iter().map(|(pattern, name)| ((*pattern).into(), (*name).into()));
        Routes::new(("requests".into(), "route".into()), limit, given.collect())
    }

    fn names(routes: &Routes, patterns: &[&str]) -> Vec<String> {
        patterns.iter().map(|pattern| routes.name(routes.number(pattern)).to_string()).collect()
    }

    #[test]
    fn routes_beyond_the_limit_share_one_name() {
        let routes = routes(2, &[("/b2", "/b")]);
        let patterns = ["/a", "/b", "/c", "/d", "/a", "/b2", UNKNOWN_ROUTE];
        let shown = ["/a", "/b", "other", "other", "/a", "/b", UNKNOWN_ROUTE];
        assert_eq!(names(&routes, &patterns), shown, "no route at all is never an overflow");
        let LabelCardinality { values, limit, demand, overflowed, samples, .. } =
            routes.cardinality();
        assert_eq!((values, limit, demand, overflowed), (2, Some(2), 4, 2));
        assert_eq!(samples, ["/c", "/d"]);
    }

    #[test]
    fn labels_of_others_take_no_place() {
        let routes = routes(2, &[("/b2", "/b")]);
        for number in 0..100 {
            let pattern = format!("/users/{number}");
            assert_eq!(routes.label(&pattern), pattern);
        }
        assert_eq!(names(&routes, &["/a", "/b2", "/c"]), ["/a", "/b", "other"]);
        assert_eq!(
            ["/a", "/b2", "/c", "unknown"].map(|it| routes.label(it)),
            ["/a", "/b", "other", "unknown"]
        );
    }

    #[test]
    fn a_long_route_is_cut_as_every_label() {
        let routes = routes(10, &[]);
        let long = "/r".repeat(1000);
        assert_eq!(names(&routes, &[&long]), [long[..128].to_owned()]);
        assert_eq!(routes.label(&long), &long[..128]);
    }
}
