//! The names that families and their series have, and which of them cannot stand beside each other.

use std::collections::HashSet;

use foldhash::quality::RandomState;
use obs_core::source::{Collector, Family, Kind, Value, is_metric_name};

/// The names that are taken. Those of families and those of samples are told apart: `orders_total`
/// has a sample `orders_created`, and `orders_created_total` is a family of that name in OpenMetrics.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    families: HashSet<String, RandomState>,
    samples: HashSet<String, RandomState>,
}

impl Names {
    /// Takes all names that a family has in any format, so that all show the same families.
    /// `false` if one of them is taken or invalid.
    pub(crate) fn claim(&mut self, family: &Family<'_>) -> bool {
        let (base, suffixes) = (base(family), samples(family.kind));
        if !is_metric_name(base) || self.taken(family).is_some() {
            return false;
        }
        self.families.insert(base.to_owned());
        self.families.insert(family.name.to_owned());
        self.samples.extend(suffixes.iter().map(|suffix| [base, suffix].concat()));
        self.samples.insert(family.name.to_owned());
        true
    }

    /// Gives back what [`claim`](Self::claim) took.
    pub(crate) fn release(&mut self, family: &Family<'_>) {
        let base = base(family);
        self.families.remove(base);
        self.families.remove(family.name);
        self.samples.remove(family.name);
        for suffix in samples(family.kind) {
            self.samples.remove(&[base, suffix].concat());
        }
    }

    /// The name that another family has already.
    pub(crate) fn taken(&self, family: &Family<'_>) -> Option<String> {
        let base = base(family);
        let names = [base, family.name];
        if let Some(name) = names.into_iter().find(|name| self.families.contains(*name)) {
            return Some(name.to_owned());
        }
        let samples = samples(family.kind).iter().map(|suffix| [base, suffix].concat());
        let mut samples = samples.chain([family.name.to_owned()]);
        samples.find(|name| self.samples.contains(name))
    }

    /// Whether a family has this name.
    pub(crate) fn has_family(&self, name: &str) -> bool {
        self.families.contains(name)
    }
}

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
        Kind::Counter => &["_total", "_created"],
        Kind::Histogram => &["_bucket", "_sum", "_count", "_created"],
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
        let family = |(name, kind)| Family { name, kind, help: "" };
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
        ] {
            assert!(!both(one, two), "{one:?} and {two:?}");
        }
    }

    #[test]
    fn what_is_released_is_free() {
        let family = Family { name: "a", kind: Kind::Histogram, help: "" };
        let mut names = Names::default();
        assert!(names.claim(&family) && !names.claim(&family));
        names.release(&family);
        assert!(names.families.is_empty() && names.samples.is_empty());
    }
}
