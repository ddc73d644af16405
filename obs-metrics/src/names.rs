//! The names that families and their series have, and which of them cannot stand beside each other.

use std::collections::HashSet;

use foldhash::quality::RandomState;
use obs_core::source::{Collector, Family, Kind, Value, is_metric_name};

/// The names that are taken, of families and of their samples. None may be there twice in any format,
/// but for one pair that is common: `orders_total` has a sample `orders_created` in OpenMetrics, and
/// `orders_created_total` is there a family of that name, with no such sample.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// As OpenMetrics calls families.
    bases: HashSet<String, RandomState>,
    /// As text 0.0.4 calls families, and as samples are called.
    literals: HashSet<String, RandomState>,
    /// Samples that say since when something counts.
    created: HashSet<String, RandomState>,
}

impl Names {
    /// Takes all names that a family has in any format, so that all show the same families.
    /// `false` if one of them is taken or invalid.
    pub(crate) fn claim(&mut self, family: &Family<'_>) -> bool {
        let base = base(family);
        if !is_metric_name(base) || self.taken(family).is_some() {
            return false;
        }
        self.bases.insert(base.to_owned());
        self.literals.extend(samples(family.kind).iter().map(|suffix| [base, suffix].concat()));
        if !self.literals.contains(family.name) {
            self.literals.insert(family.name.to_owned());
        }
        if family.kind != Kind::Gauge {
            self.created.insert([base, CREATED].concat());
        }
        true
    }

    /// Gives back what [`claim`](Self::claim) took.
    pub(crate) fn release(&mut self, family: &Family<'_>) {
        let base = base(family);
        self.bases.remove(base);
        self.literals.remove(family.name);
        for suffix in samples(family.kind) {
            self.literals.remove(&[base, suffix].concat());
        }
        self.created.remove(&[base, CREATED].concat());
    }

    /// The name that another family has already.
    pub(crate) fn taken(&self, family: &Family<'_>) -> Option<String> {
        let base = base(family);
        if self.bases.contains(base) || self.literals.contains(base) {
            return Some(base.to_owned());
        }
        let is_taken = |name: &str| {
            self.literals.contains(name) || self.bases.contains(name) || self.created.contains(name)
        };
        if is_taken(family.name) {
            return Some(family.name.to_owned());
        }
        let mut name = String::with_capacity(base.len() + CREATED.len());
        let mut with = |suffix: &str, is_taken: &dyn Fn(&str) -> bool| {
            name.clear();
            name.push_str(base);
            name.push_str(suffix);
            is_taken(&name).then(|| name.clone())
        };
        if let Some(sample) = samples(family.kind).iter().find_map(|suffix| with(suffix, &is_taken))
        {
            return Some(sample);
        }
        if family.kind == Kind::Gauge {
            return None;
        }
        with(CREATED, &|name| self.literals.contains(name))
    }

    /// Whether another family is called as the samples that say since when this one counts.
    pub(crate) fn have_created_of(&self, family: &Family<'_>) -> bool {
        family.kind != Kind::Gauge && self.bases.contains(&[base(family), CREATED].concat())
    }
}

const CREATED: &str = "_created";

/// Takes the names of what is shown.
impl Collector for Names {
    fn family(&mut self, family: &Family<'_>) {
        self.claim(family);
    }

    fn sample(&mut self, _: &[(&str, &str)], _: Value<'_>) {}
}

/// What the samples of a family end in, in one format or another.
fn samples(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Counter => &["_total"],
        Kind::Histogram => &["_bucket", "_sum", "_count"],
        _ => &[],
    }
}

/// OpenMetrics names a counter without the suffix that its sample has.
pub(crate) fn base<'a>(family: &Family<'a>) -> &'a str {
    match family.kind {
        Kind::Counter => family.name.strip_suffix("_total").unwrap_or(family.name),
        _ => family.name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(one: (&'static str, Kind), two: (&'static str, Kind)) -> bool {
        let family = |(name, kind)| Family::new(name, kind, "");
        let order = |one, two| {
            let mut names = Names::default();
            names.claim(&family(one)) && names.claim(&family(two))
        };
        assert_eq!(order(one, two), order(two, one), "{one:?} and {two:?}");
        order(one, two)
    }

    #[test]
    fn what_can_stand_beside_each_other() {
        use Kind::{Counter, Gauge, Histogram};
        assert!(both(("orders_total", Counter), ("orders_created_total", Counter)));
        assert!(both(("a", Gauge), ("b", Gauge)));
        for (one, two) in [
            (("a", Gauge), ("a", Gauge)),
            (("a", Gauge), ("a_total", Counter)),
            (("a_total", Gauge), ("a_total", Counter)),
            (("a", Counter), ("a_total", Counter)),
            (("a_created", Gauge), ("a_total", Counter)),
            (("a_created", Gauge), ("a", Histogram)),
            (("a_count", Gauge), ("a", Histogram)),
            (("a_bucket_total", Counter), ("a_bucket", Histogram)),
            (("a", Gauge), ("a", Histogram)),
            (("a_count", Histogram), ("a", Histogram)),
            (("a_count_total", Counter), ("a", Histogram)),
            (("a_created", Histogram), ("a", Histogram)),
            (("a_created", Counter), ("a_total", Counter)),
        ] {
            assert!(!both(one, two), "{one:?} and {two:?}");
        }
    }

    #[test]
    fn what_is_released_is_free() {
        let family = Family::new("a", Kind::Histogram, "");
        let mut names = Names::default();
        assert!(names.claim(&family) && !names.claim(&family));
        names.release(&family);
        assert!(names.bases.is_empty() && names.literals.is_empty() && names.created.is_empty());
    }
}
