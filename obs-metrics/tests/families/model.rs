use std::collections::BTreeMap;

use obs_metrics::{Capped, Counter, Definition, Gauge, Histogram, Metrics};
use proptest::collection::vec;
use proptest::prelude::*;

use super::harness::{Exposition, seen};
use super::setup::{KINDS, Kind, metrics};

const BOUNDS: [f64; 4] = [0.0, 1.0, 2.5, 10.0];
/// How many tenants have series of their own.
const TENANTS: usize = 3;

#[derive(Clone, Debug)]
enum Op {
    Count { kind: usize, gift: bool, by: u32, handle: bool },
    CountTenant { tenant: u8, by: u32, handle: bool },
    Set { kind: usize, to: i32 },
    Add { tenant: u8, by: i32 },
    Observe { kind: usize, tenant: u8, value: i32, handle: bool },
    Scrape,
}

fn op() -> impl Strategy<Value = Op> {
    let (kind, tenant) = (0..KINDS.len(), 0..6_u8);
    prop_oneof![
        (kind.clone(), any::<bool>(), any::<u32>(), any::<bool>())
            .prop_map(|(kind, gift, by, handle)| Op::Count { kind, gift, by, handle }),
        (tenant.clone(), any::<u32>(), any::<bool>())
            .prop_map(|(tenant, by, handle)| Op::CountTenant { tenant, by, handle }),
        (kind.clone(), any::<i32>()).prop_map(|(kind, to)| Op::Set { kind, to }),
        (tenant.clone(), any::<i32>()).prop_map(|(tenant, by)| Op::Add { tenant, by }),
        (kind, tenant, -30..150, any::<bool>())
            .prop_map(|(kind, tenant, value, handle)| Op::Observe { kind, tenant, value, handle }),
        Just(Op::Scrape),
    ]
}

struct Real {
    metrics: Metrics,
    orders: Counter<(Kind, bool)>,
    logins: Counter<Capped<u8, TENANTS>>,
    level: Gauge<Kind>,
    balance: Gauge<Capped<u8, TENANTS>>,
    value: Histogram<(Kind, Capped<u8, TENANTS>)>,
}

impl Real {
    fn new() -> Self {
        let metrics = metrics();
        let families = metrics.families();
        let named = |name: &'static str| Definition::new(name, "Help.");
        Self {
            orders: families.counter(named("orders_total").labels(["kind", "gift"])).unwrap(),
            logins: families.counter(named("logins_total").labels(["tenant"])).unwrap(),
            level: families.gauge(named("level").labels(["kind"])).unwrap(),
            balance: families.gauge(named("balance").labels(["tenant"])).unwrap(),
            value: families
                .histogram(named("value").labels(["kind", "tenant"]).buckets(BOUNDS))
                .unwrap(),
            metrics,
        }
    }

    fn apply(&self, op: &Op) {
        match *op {
            Op::Count { kind, gift, by, handle: false } => {
                self.orders.add((KINDS[kind], gift), by.into());
            }
            Op::Count { kind, gift, by, .. } => {
                self.orders.with((KINDS[kind], gift)).add(by.into());
            }
            Op::CountTenant { tenant, by, handle: false } => {
                self.logins.add(Capped(tenant), by.into());
            }
            Op::CountTenant { tenant, by, .. } => self.logins.with(Capped(tenant)).add(by.into()),
            Op::Set { kind, to } => self.level.set(KINDS[kind], to.into()),
            Op::Add { tenant, by } => self.balance.add(Capped(tenant), by.into()),
            Op::Observe { kind, tenant, value, handle: false } => {
                self.value.observe((KINDS[kind], Capped(tenant)), f64::from(value) / 10.0);
            }
            Op::Observe { kind, tenant, value, .. } => {
                self.value.with((KINDS[kind], Capped(tenant))).observe(f64::from(value) / 10.0);
            }
            Op::Scrape => {}
        }
    }
}

/// Plain maps, and the first tenants per family.
#[derive(Default)]
struct Model {
    series: BTreeMap<(&'static str, Vec<String>), f64>,
    observed: BTreeMap<Vec<String>, Vec<f64>>,
    tenants: BTreeMap<&'static str, Vec<u8>>,
}

impl Model {
    fn tenant(&mut self, family: &'static str, tenant: u8) -> String {
        let known = self.tenants.entry(family).or_default();
        if !known.contains(&tenant) && known.len() < TENANTS {
            known.push(tenant);
        }
        if known.contains(&tenant) { tenant.to_string() } else { "other".to_owned() }
    }

    fn apply(&mut self, op: &Op) {
        let kind = |kind: usize| KINDS[kind].as_str().to_owned();
        let (key, by) = match *op {
            Op::Count { kind: at, gift, by, .. } => {
                (("orders_total", vec![kind(at), gift.to_string()]), f64::from(by))
            }
            Op::CountTenant { tenant, by, .. } => {
                let tenant = self.tenant("logins_total", tenant);
                (("logins_total", vec![tenant]), f64::from(by))
            }
            Op::Set { kind: at, to } => {
                self.series.insert(("level", vec![kind(at)]), to.into());
                return;
            }
            Op::Add { tenant, by } => {
                let tenant = self.tenant("balance", tenant);
                (("balance", vec![tenant]), f64::from(by))
            }
            Op::Observe { kind: at, tenant, value, .. } => {
                let labels = vec![kind(at), self.tenant("value", tenant)];
                let observed = self.observed.entry(labels).or_default();
                if value >= 0 {
                    observed.push(f64::from(value) / 10.0);
                }
                return;
            }
            Op::Scrape => return,
        };
        *self.series.entry(key).or_default() += by;
    }

    fn check(&self, seen: &Exposition) {
        let names = |family| match family {
            "orders_total" => &["kind", "gift"][..],
            "level" => &["kind"],
            "value" => &["kind", "tenant"],
            _ => &["tenant"],
        };
        let pairs = |family, values: &'_ [String]| -> Vec<(&'static str, String)> {
            names(family).iter().copied().zip(values.iter().cloned()).collect()
        };
        for family in ["orders_total", "logins_total", "level", "balance"] {
            let mine = self.series.iter().filter(|((of, _), _)| *of == family);
            let mine: BTreeMap<_, _> = mine
                .map(|((_, values), value)| {
                    let pairs = pairs(family, values).into_iter();
                    (pairs.map(|(name, value)| (name.to_owned(), value)).collect(), *value)
                })
                .collect();
            let closed = matches!(family, "orders_total" | "level");
            for (labels, value) in seen.of(family) {
                let expected = mine.get(labels).copied().or(closed.then_some(0.0));
                assert_eq!(Some(value), expected, "{family} {labels:?}");
            }
            let zeros = if closed { seen.of(family).count() } else { mine.len() };
            assert_eq!(seen.of(family).count(), zeros, "{family}");
            assert!(
                mine.keys()
                    .all(|labels: &BTreeMap<_, _>| seen.of(family).any(|(l, _)| l == labels))
            );
        }
        assert_eq!(seen.of("value_count").count(), self.observed.len());
        for (values, observed) in &self.observed {
            let pairs = pairs("value", values);
            let mut labels: Vec<_> = pairs.iter().map(|(name, value)| (*name, &**value)).collect();
            assert_eq!(seen.value("value_count", &labels), observed.len() as f64);
            let sum: f64 = observed.iter().sum();
            assert!((seen.value("value_sum", &labels) - sum).abs() < 1e-6);
            for (bound, le) in BOUNDS.iter().zip(["0.0", "1.0", "2.5", "10.0"]) {
                let below = observed.iter().filter(|value| *value <= bound).count() as f64;
                labels.push(("le", le));
                assert_eq!(seen.value("value_bucket", &labels), below, "{labels:?}");
                labels.pop();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn families_are_maps(ops in vec(op(), 0..120)) {
        let (real, mut model) = (Real::new(), Model::default());
        for op in ops.iter().chain([&Op::Scrape]) {
            real.apply(op);
            model.apply(op);
            if let Op::Scrape = op {
                model.check(&seen(&real.metrics));
            }
        }
    }
}
