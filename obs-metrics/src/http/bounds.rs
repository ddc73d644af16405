//! The buckets that are shown, and one more bound if the slow ones begin elsewhere.

use std::time::Duration;

use crate::MetricsSettings;

#[derive(Debug)]
pub(super) struct Bounds {
    /// Of the rows: those that are shown, and that of slow requests.
    cuts: Vec<Duration>,
    /// In seconds, as they are shown.
    shown: Vec<f64>,
    /// The bucket of the rows that is no bucket of its own: it belongs to the next one.
    folded: Option<usize>,
    /// The first bucket of the rows that holds slow requests.
    slow: usize,
}

impl Bounds {
    pub(super) fn new(settings: &MetricsSettings) -> Self {
        let mut cuts = settings.latency_buckets();
        let shown = cuts.iter().map(Duration::as_secs_f64).collect();
        let at = cuts.partition_point(|bound| *bound < settings.slow_request);
        let folded = (cuts.get(at) != Some(&settings.slow_request)).then_some(at);
        if folded.is_some() {
            cuts.insert(at, settings.slow_request);
        }
        Self { cuts, shown, folded, slow: at + 1 }
    }

    pub(super) fn cuts(&self) -> &[Duration] {
        &self.cuts
    }

    pub(super) fn shown(&self) -> &[f64] {
        &self.shown
    }

    /// Observations per bucket that is shown.
    pub(super) fn fold(&self, counts: &[u64]) -> Vec<u64> {
        let mut counts = counts.to_vec();
        if let Some(folded) = self.folded.filter(|folded| folded + 1 < counts.len()) {
            let below = counts.remove(folded);
            counts[folded] += below;
        }
        counts
    }

    /// The bucket that is shown, of one of the rows.
    pub(super) fn bucket(&self, bucket: usize) -> usize {
        bucket - usize::from(self.folded.is_some_and(|folded| bucket > folded))
    }

    /// How many took longer than a request should.
    pub(super) fn slow(&self, counts: &[u64]) -> u64 {
        counts.get(self.slow..).map_or(0, |slow| slow.iter().sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(slow_ms: u64) -> Bounds {
        let settings = MetricsSettings {
            buckets: Some([100, 1000].map(Duration::from_millis).into()),
            slow_request: Duration::from_millis(slow_ms),
            ..MetricsSettings::default()
        };
        Bounds::new(&settings)
    }

    #[test]
    fn the_bound_of_slow_requests_is_not_shown() {
        for (slow, counts, shown, slow_ones) in [
            (100, &[1, 2, 4][..], [1, 2, 4], 6),
            (1000, &[1, 2, 4], [1, 2, 4], 4),
            (50, &[1, 2, 4, 8], [3, 4, 8], 14),
            (500, &[1, 2, 4, 8], [1, 6, 8], 12),
            (5000, &[1, 2, 4, 8], [1, 2, 12], 8),
        ] {
            let bounds = bounds(slow);
            assert_eq!(bounds.shown(), [0.1, 1.0]);
            assert_eq!(bounds.cuts().len() + 1, counts.len());
            assert_eq!(bounds.fold(counts), shown, "{slow}");
            assert_eq!(bounds.slow(counts), slow_ones, "{slow}");
        }
        assert_eq!([0, 1, 2, 3].map(|bucket| bounds(500).bucket(bucket)), [0, 1, 1, 2]);
    }
}
