use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use obs_core::FakeClock;
use obs_metrics::{Capped, Counter, Definition, Metrics};

use super::setup::{Seen, metrics, with_settings};

const TTL: Duration = Duration::from_secs(60);

fn counter(limit: usize) -> (Metrics, FakeClock, Counter<Capped<u64>>) {
    let (metrics, hand) = with_settings(Default::default());
    let definition = Definition::new("a_total", "Help.").labels(["x"]).limit("x", limit).ttl(TTL);
    let counter = metrics.families().counter(definition).unwrap();
    (metrics, hand, counter)
}

fn shown(metrics: &Metrics) -> Vec<(String, f64)> {
    let seen = Seen::new(metrics);
    seen.of("a_total").map(|(labels, value)| (labels.to_owned(), value)).collect()
}

#[test]
fn what_does_not_change_goes_and_gives_its_budget_back() {
    let (metrics, hand, counter) = counter(2);
    [1, 2, 3].iter().for_each(|value| counter.inc(Capped(*value)));
    let first = Seen::new(&metrics).series[&("a_total".into(), "x=\"1\"".into())].1;
    assert_eq!(shown(&metrics).len(), 3);
    hand.advance(TTL / 2);
    counter.inc(Capped(2));
    assert_eq!(shown(&metrics).len(), 3);
    hand.advance(TTL / 2);
    // 1 and `other` are gone.
    assert_eq!(shown(&metrics), [("x=\"2\"".into(), 2.0)]);
    let report = metrics.cardinality();
    assert_eq!((report.series, report.families[0].labels[0].values), (1, 1));
    counter.inc(Capped(4));
    counter.inc(Capped(1));
    assert_eq!(
        shown(&metrics),
        [("x=\"2\"".into(), 2.0), ("x=\"4\"".into(), 1.0), ("x=\"other\"".into(), 1.0)]
    );
    hand.advance(TTL);
    assert_eq!(shown(&metrics), []);
    counter.inc(Capped(1));
    let seen = Seen::new(&metrics);
    let (value, again) = seen.series[&("a_total".into(), "x=\"1\"".into())];
    assert_eq!((value, again.unwrap() - first.unwrap()), (1.0, TTL * 2));
}

#[test]
fn a_gauge_that_is_set_to_what_it_is_stays() {
    let (metrics, hand) = with_settings(Default::default());
    let definition = Definition::new("a_total", "Help.").labels(["x"]).ttl(TTL);
    let gauge = metrics.families().gauge::<Capped<u64>>(definition).unwrap();
    let held = gauge.with(Capped(2));
    for _ in 0..3 {
        gauge.set(Capped(1), 0.0);
        held.set(7.0);
        assert_eq!(shown(&metrics), [("x=\"1\"".into(), 0.0), ("x=\"2\"".into(), 7.0)]);
        hand.advance(TTL);
    }
    assert_eq!(shown(&metrics), []);
    held.add(0.0);
    assert_eq!(shown(&metrics), [("x=\"2\"".into(), 7.0)]);
}

#[test]
fn a_handle_hides_a_series_and_brings_it_back_with_its_count() {
    let (metrics, hand, counter) = counter(1);
    let handle = counter.with(Capped(1));
    let clone = handle.clone();
    drop(handle);
    clone.add(5);
    assert_eq!(shown(&metrics).len(), 1);
    hand.advance(TTL);
    assert_eq!(shown(&metrics), []);
    assert_eq!(metrics.cardinality().series, 1, "its memory is still in use");
    clone.inc();
    assert_eq!(shown(&metrics), [("x=\"1\"".into(), 6.0)]);
    hand.advance(TTL);
    assert_eq!(shown(&metrics), []);
    // Without a handle too, as long as it is there.
    counter.inc(Capped(1));
    assert_eq!(shown(&metrics), [("x=\"1\"".into(), 7.0)]);
    drop(clone);
    hand.advance(TTL);
    assert_eq!(shown(&metrics), []);
    assert_eq!(metrics.cardinality().series, 0);
}

#[test]
fn without_a_ttl_everything_stays() {
    let (metrics, hand) = with_settings(Default::default());
    let definition = Definition::new("a_total", "Help.").labels(["x"]);
    let counter = metrics.families().counter::<Capped<u64>>(definition).unwrap();
    counter.inc(Capped(1));
    for _ in 0..3 {
        hand.advance(Duration::from_secs(1_000_000));
        assert_eq!(shown(&metrics).len(), 1);
    }
}

#[test]
fn the_full_family_fills_again_after_a_pause() {
    let metrics = metrics();
    drop(metrics);
    let (metrics, hand) = with_settings(Default::default());
    let definition = Definition::new("a_total", "Help.").labels(["x", "y"]).max_series(5).ttl(TTL);
    let counter = metrics.families().counter::<(Capped<u64>, Capped<u64>)>(definition).unwrap();
    for round in 0..3 {
        (0..100).for_each(|value| counter.inc((Capped(round), Capped(value))));
        let seen = Seen::new(&metrics);
        assert_eq!(seen.of("a_total").count(), 6);
        assert_eq!(seen.get("a_total", &format!(r#"x="{round}",y="other""#)), Some(95.0));
        hand.advance(TTL);
        assert_eq!(Seen::new(&metrics).of("a_total").count(), 0);
    }
}

/// Every series that was ever shown, with its last value.
#[derive(Default)]
struct Ledger(BTreeMap<(String, String, Option<Duration>), f64>);

impl Ledger {
    fn note(&mut self, seen: Seen) {
        let families =
            seen.series.into_iter().filter(|((family, _), _)| !family.starts_with("obs_"));
        for ((family, labels), (value, created)) in families {
            let last = self.0.insert((family, labels, created), value).unwrap_or(0.0);
            assert!(value >= last, "a count went back");
        }
    }

    fn sum(&self, family: &str) -> f64 {
        self.0.iter().filter(|((of, ..), _)| of == family).map(|(_, value)| value).sum()
    }

    fn lives(&self) -> usize {
        let series: BTreeSet<_> =
            self.0.keys().map(|(family, labels, _)| (family, labels)).collect();
        self.0.len() - series.len()
    }
}

#[test]
fn no_count_is_lost_while_series_come_and_go() {
    const THREADS: u64 = 4;
    const WRITES: u64 = 60_000;
    let (metrics, hand, counter) = counter(10);
    let definition = Definition::new("value", "Help.").labels(["x"]).ttl(TTL).buckets([1.0]);
    let value = metrics.families().histogram::<Capped<u64>>(definition).unwrap();
    let (running, mut ledger) = (AtomicU64::new(THREADS), Ledger::default());
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (counter, value, running) = (&counter, &value, &running);
            scope.spawn(move || {
                let mut random = thread;
                for write in 0..WRITES {
                    random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let label = random >> 33 & 15;
                    match write % 8 {
                        0 => counter.with(Capped(label)).inc(),
                        1 => value.with(Capped(label)).observe(2.0),
                        2..5 => counter.inc(Capped(label)),
                        _ => value.observe(Capped(label), 0.5),
                    }
                }
                running.fetch_sub(1, Ordering::Relaxed);
            });
        }
        while running.load(Ordering::Relaxed) > 0 {
            ledger.note(Seen::new(&metrics));
            hand.advance(TTL);
        }
    });
    ledger.note(Seen::new(&metrics));
    assert!(ledger.lives() > 100, "only {} series were removed", ledger.lives());
    assert_eq!(ledger.sum("a_total"), (THREADS * WRITES / 2) as f64);
    assert_eq!(ledger.sum("value"), (THREADS * WRITES / 2) as f64);
}
