//! The durations of one route: what a summary derives from its buckets.

use super::row::Row;
use super::{Bounds, CLIENT_CLOSED_REQUEST};

/// Durations in buckets, without those of clients that left before the headers.
pub(super) struct Times<'a> {
    /// In seconds.
    bounds: &'a [f64],
    /// One more than there are bounds.
    counts: Vec<u64>,
    sum: f64,
    /// The shortest and the longest, in seconds.
    range: Option<(f64, f64)>,
}

impl<'a> Times<'a> {
    pub(super) fn of(rows: &[Row<'_>], bounds: &'a Bounds) -> Self {
        let bounds = bounds.shown();
        let mut times = Self { bounds, counts: vec![0; bounds.len() + 1], sum: 0.0, range: None };
        for row in rows.iter().filter(|row| row.status() != CLIENT_CLOSED_REQUEST) {
            times.counts.iter_mut().zip(row.counts()).for_each(|(sum, count)| *sum += count);
            times.sum += row.totals().sum_seconds();
            if let Some((shortest, longest)) = row.totals().range_seconds() {
                let (min, max) = times.range.unwrap_or((shortest, longest));
                times.range = Some((min.min(shortest), max.max(longest)));
            }
        }
        times
    }

    fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The mean, in seconds.
    pub(super) fn average(&self) -> Option<f64> {
        let count = self.count();
        (count > 0).then(|| self.sum / count as f64)
    }

    /// What this share of the durations does not exceed, in seconds.
    pub(super) fn percentile(&self, share: f64) -> Option<f64> {
        let (shortest, longest) = self.range?;
        let rank = share * self.count() as f64;
        let mut below = 0;
        let bucket = self.counts.iter().position(|count| {
            below += count;
            *count > 0 && below as f64 >= rank
        })?;
        let count = *self.counts.get(bucket)?;
        let lower = bucket.checked_sub(1).and_then(|at| self.bounds.get(at)).copied();
        // A scrape may see a bucket before the duration in it: then the range is behind by one.
        let lower = lower.unwrap_or(0.0).max(shortest).min(longest);
        let upper = self.bounds.get(bucket).copied().unwrap_or(longest).min(longest).max(lower);
        let inside = rank - (below - count) as f64;
        Some(lower + (upper - lower) * inside / count as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_interpolated_inside_of_their_bucket_and_of_what_was_seen() {
        let bounds = &[1.0, 2.0, 4.0];
        for (share, counts, range, expected) in [
            (0.5, [0, 0, 0, 0], None, None),
            (0.5, [10, 0, 0, 0], Some((0.0, 1.0)), Some(0.5)),
            (0.95, [10, 10, 0, 0], Some((0.0, 2.0)), Some(1.9)),
            (0.5, [10, 10, 0, 0], Some((0.0, 2.0)), Some(1.0)),
            (0.75, [0, 10, 10, 0], Some((1.0, 4.0)), Some(3.0)),
            // Never outside of what was seen.
            (0.5, [10, 0, 0, 0], Some((0.25, 0.25)), Some(0.25)),
            (0.5, [10, 0, 0, 0], Some((0.25, 0.75)), Some(0.5)),
            (1.0, [0, 10, 0, 0], Some((1.25, 1.5)), Some(1.5)),
            // Beyond the last bound: up to the longest.
            (0.5, [0, 0, 0, 10], Some((60.0, 60.0)), Some(60.0)),
            (0.99, [1, 0, 0, 99], Some((0.5, 103.0)), Some(102.0)),
        ] {
            let times = Times { bounds, counts: counts.into(), sum: 0.0, range };
            assert_eq!(times.percentile(share), expected, "{share} of {counts:?} in {range:?}");
        }
    }
}
