//! What the settings may be, whether the environment says it or code.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::families::bounds_fault;

pub(super) const MAX_ROUTES: RangeInclusive<usize> = 1..=100_000;
pub(super) const MAX_LABEL_VALUES: RangeInclusive<usize> = 1..=10_000;
pub(super) const MAX_SERIES_PER_FAMILY: RangeInclusive<usize> = 1..=100_000;
pub(super) const MAX_SERIES: RangeInclusive<usize> = 1..=1_000_000;
/// In milliseconds.
pub(super) const SLOW: RangeInclusive<u64> = 1..=3_600_000;
const STATUS: RangeInclusive<u16> = 100..=599;
const STATUSES: usize = 16;
const BUCKET: RangeInclusive<Duration> = Duration::from_micros(1)..=Duration::from_secs(3600);

pub(super) fn slow() -> RangeInclusive<Duration> {
    Duration::from_millis(*SLOW.start())..=Duration::from_millis(*SLOW.end())
}

/// Why these are no statuses to begin with.
pub(super) fn statuses_fault(statuses: &[u16]) -> Option<String> {
    if statuses.len() > STATUSES {
        return Some(format!("{} statuses: at most {STATUSES}", statuses.len()));
    }
    let bad = statuses.iter().find(|status| !STATUS.contains(status))?;
    Some(format!("{bad} is no status: {} to {}", STATUS.start(), STATUS.end()))
}

/// Why these are no bounds of a duration, in seconds.
pub(crate) fn latencies_fault(seconds: &[f64]) -> Option<String> {
    let allowed = BUCKET.start().as_secs_f64()..=BUCKET.end().as_secs_f64();
    let bad = seconds.iter().find(|bound| bound.is_finite() && !allowed.contains(bound));
    let outside = |bad| format!("{bad} s is outside of {} to {} s", allowed.start(), allowed.end());
    // They are kept in nanoseconds.
    let nanos = |bound: &f64| (bound * 1e9).round();
    let same = || seconds.windows(2).find(|two| nanos(&two[0]) >= nanos(&two[1]));
    let together = |two: &[f64]| format!("{} and {} s are the same nanosecond", two[0], two[1]);
    bounds_fault(seconds).or_else(|| bad.map(outside)).or_else(|| same().map(together))
}

/// `None` if these are no bounds of a duration.
pub(super) fn latencies(seconds: &[f64]) -> Option<Vec<Duration>> {
    match latencies_fault(seconds) {
        None => Some(seconds.iter().map(|bound| Duration::from_secs_f64(*bound)).collect()),
        Some(_) => None,
    }
}

pub(super) fn are_latencies(bounds: &[Duration]) -> bool {
    latencies_fault(&seconds(bounds)).is_none()
}

pub(super) fn seconds(bounds: &[Duration]) -> Vec<f64> {
    bounds.iter().map(Duration::as_secs_f64).collect()
}
