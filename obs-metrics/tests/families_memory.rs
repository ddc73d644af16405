//! What a hundred thousand values of a label cost: a binary of its own, for it counts allocations.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::time::Duration;

use allocation_counter::{AllocationInfo, measure};
use obs_core::{Clock, ServiceIdentity};
use obs_metrics::{Capped, Definition, Format, Metrics, MetricsSettings, RESERVE};

const VALUES: u64 = 100_000;

fn metrics() -> Metrics {
    let clock = Clock::system();
    Metrics::with_clock(&MetricsSettings::default(), &ServiceIdentity::default(), clock)
}

fn named(name: &'static str) -> Definition {
    Definition::new(name, "Help.")
}

#[test]
fn a_label_with_a_hundred_thousand_values_stays_small_and_spares_the_others() {
    let metrics = metrics();
    let definition = named("logins_total").labels(["tenant", "fine"]);
    let logins = metrics.families().counter::<(Capped<u64>, bool)>(definition).unwrap();
    let hammer = || (0..VALUES).for_each(|value| logins.inc((Capped(value), value % 4 == 0)));
    let AllocationInfo { bytes_current, bytes_max, .. } = measure(hammer);
    // 202 series, 100 values, and 1 KiB for the estimate.
    assert!(bytes_current < 100_000, "{bytes_current}");
    assert!(bytes_max < 150_000, "{bytes_max}");

    let again = measure(hammer);
    assert_eq!(again.count_total, 0, "an overflowing write allocates: {again:?}");

    let text = metrics.render(Format::Text);
    let value = |labels: &str| -> u64 {
        let line = format!("logins_total{{{labels}}} ");
        text.lines().find_map(|text| text.strip_prefix(&line)).unwrap().parse().unwrap()
    };
    assert_eq!(value(r#"tenant="8",fine="true""#), 2);
    assert_eq!(value(r#"tenant="9",fine="false""#), 2);
    let known = |fine: bool| (0..100).filter(|value| (value % 4 == 0) == fine).count() as u64;
    assert_eq!(value(r#"tenant="other",fine="true""#), 2 * (VALUES / 4 - known(true)));
    assert_eq!(value(r#"tenant="other",fine="false""#), 2 * (VALUES * 3 / 4 - known(false)));

    let report = metrics.cardinality();
    let tenant = &report.families[0].labels[0];
    assert_eq!((tenant.values, tenant.limit), (100, Some(100)));
    assert_eq!(tenant.overflowed, 2 * (VALUES - 100));
    let demand = tenant.demand as f64 / VALUES as f64;
    assert!((0.85..1.15).contains(&demand), "{demand}");
}

#[test]
fn a_full_family_of_open_labels_stays_small() {
    let metrics = metrics();
    let definition = named("times").labels(["a", "b", "c"]);
    type Labels = (Capped<u64>, Capped<u64>, Capped<u64>);
    let times = metrics.families().histogram::<Labels>(definition).unwrap();
    let hammer = || {
        for value in 0..VALUES {
            times.observe((Capped(value % 89), Capped(value / 7 % 97), Capped(value % 83)), 1.0);
        }
    };
    let first = measure(hammer);
    let report = metrics.cardinality();
    let series = report.families[0].series;
    assert!(series > 1000 && series <= 1000 + RESERVE, "{report:?}");
    // Less than 600 bytes per series of 14 buckets.
    assert!(first.bytes_current < 600 * (1000 + RESERVE as i64), "{}", first.bytes_current);
    let again = measure(hammer);
    assert_eq!(again.count_total, 0, "{again:?}");
    let count: u64 = metrics
        .render(Format::Text)
        .lines()
        .filter_map(|line| {
            line.strip_prefix("times_count")?.rsplit(' ').next()?.parse::<u64>().ok()
        })
        .sum();
    assert_eq!(count, 2 * VALUES);
}

#[test]
fn a_write_to_a_known_series_allocates_nothing() {
    let metrics = metrics();
    let families = metrics.families();
    let closed = families.counter::<(bool, bool)>(named("a_total").labels(["a", "b"])).unwrap();
    let open = families.counter::<Capped<&str>>(named("b_total").labels(["a"])).unwrap();
    let ttl = named("c").labels(["a"]).ttl(Duration::from_secs(60));
    let expiring = families.histogram::<Capped<u64>>(ttl).unwrap();
    let write = || {
        closed.inc((true, false));
        open.inc(Capped("x"));
        expiring.observe(Capped(7), 1.0);
        drop(open.with(Capped("x")).clone());
    };
    write();
    assert_eq!(measure(write).count_total, 0);
}

#[test]
fn what_goes_gives_its_memory_back() {
    let (clock, hand) = Clock::fake();
    let settings = MetricsSettings::default();
    let metrics = Metrics::with_clock(&settings, &ServiceIdentity::default(), clock);
    let ttl = Duration::from_secs(60);
    let definition = named("times").labels(["a"]).limit("a", 1000).ttl(ttl);
    let times = metrics.families().histogram::<Capped<u64>>(definition).unwrap();
    let mut round = 0;
    let mut use_and_leave = || {
        round += 1;
        (0..1000).for_each(|value| times.observe(Capped(round * 1000 + value), 1.0));
        let shown = metrics.render(Format::Text).len();
        hand.advance(ttl);
        assert!(metrics.render(Format::Text).len() < shown / 10);
    };
    let first = measure(&mut use_and_leave);
    // Without this more than 300 bytes of each series would stay.
    assert!(first.bytes_current < 100_000, "{first:?}");
    let more = measure(|| (0..20).for_each(|_| use_and_leave()));
    assert!(more.bytes_current < 50_000, "{more:?}");
}
