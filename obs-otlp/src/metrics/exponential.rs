use obs_core::source::NativeHistogram;

/// Exponential buckets as OTLP has them: the bucket `i` ends, inclusively, at
/// `2^((i + 1) * 2^-scale)`, one further than Prometheus counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Exponential {
    pub(super) scale: i32,
    pub(super) zero_threshold: f64,
    pub(super) zero_count: u64,
    pub(super) offset: i32,
    pub(super) counts: Vec<u64>,
    pub(super) sum: f64,
}

impl Exponential {
    pub(super) fn new(native: &NativeHistogram<'_>, sum: f64) -> Self {
        Self {
            scale: native.schema.into(),
            zero_threshold: native.zero_threshold,
            zero_count: native.zero_count,
            offset: native.offset.saturating_sub(1),
            counts: native.counts.to_vec(),
            sum,
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.counts.iter().fold(self.zero_count, |all, count| all.saturating_add(*count))
    }

    /// What has come since `before`, in the buckets of now: they may have become wider, and so may
    /// the one of zero. `None` after a reset.
    pub(super) fn since(&self, before: &Self) -> Option<Self> {
        let wider = u32::try_from(before.scale - self.scale).ok()?;
        let mut since = self.clone();
        since.sum -= before.sum;
        since.zero_count = since.zero_count.checked_sub(before.zero_count)?;
        for (index, count) in (before.offset..).zip(&before.counts).filter(|(_, count)| **count > 0)
        {
            let index = index >> wider.min(31);
            let bucket = match self.is_zero(index) {
                true => &mut since.zero_count,
                false => {
                    let place = usize::try_from(index.checked_sub(self.offset)?).ok()?;
                    since.counts.get_mut(place)?
                }
            };
            *bucket = bucket.checked_sub(*count)?;
        }
        Some(since)
    }

    /// Whether the bucket is within the one of zero.
    fn is_zero(&self, index: i32) -> bool {
        let end = (f64::from(index) + 1.0) * f64::from(-self.scale).exp2();
        end.exp2() <= self.zero_threshold
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn histogram(scale: i32, zero_threshold: f64, values: &[f64]) -> Exponential {
        let index = |value: f64| (value.log2() * f64::from(scale).exp2()).ceil() as i32 - 1;
        let above = || values.iter().filter(|value| **value > zero_threshold);
        let offset = above().map(|value| index(*value)).min().unwrap_or(0);
        let end = above().map(|value| index(*value)).max().unwrap_or(-1) + 1;
        let mut counts = vec![0; usize::try_from((end - offset).max(0)).unwrap()];
        for value in above() {
            counts[usize::try_from(index(*value) - offset).unwrap()] += 1;
        }
        let zero_count = (values.len() - above().count()) as u64;
        Exponential { scale, zero_threshold, zero_count, offset, counts, sum: values.iter().sum() }
    }

    #[test]
    fn prometheus_counts_from_one() {
        // Its bucket 0 of schema 0 ends at 1.
        let native = NativeHistogram {
            schema: 0,
            zero_threshold: 0.0,
            zero_count: 0,
            offset: 0,
            counts: &[1, 2],
        };
        assert_eq!(Exponential::new(&native, 5.0), histogram(0, 0.0, &[1.0, 2.0, 2.0]));
    }

    #[test]
    fn fewer_than_before_is_a_reset() {
        let (few, many) = (histogram(3, 0.0, &[1.5]), histogram(3, 0.0, &[1.5, 1.5]));
        assert_eq!(few.since(&many), None);
        assert_eq!(histogram(3, 0.0, &[9.0]).since(&few), None);
        // Buckets only become narrower by a reset.
        assert_eq!(histogram(4, 0.0, &[1.5]).since(&few), None);
    }

    proptest! {
        #[test]
        fn before_and_what_came_since_is_now(
            before in prop::collection::vec(0.01..100.0_f64, 0..30),
            since in prop::collection::vec(0.01..100.0_f64, 0..30),
            scales in (0..6_i32, 0..3_i32),
            wider_zero in any::<bool>(),
        ) {
            let all = [before.clone(), since.clone()].concat();
            // As wide as a bucket of either scale ends.
            let zero = if wider_zero { 0.25 } else { 0.0 };
            let narrow = histogram(scales.0 + scales.1, 0.0, &before);
            let difference = histogram(scales.0, zero, &all).since(&narrow).unwrap();
            let expected = histogram(scales.0, zero, &since);
            prop_assert_eq!(difference.zero_count, expected.zero_count);
            let filled = |one: &Exponential| -> Vec<(i32, u64)> {
                let counts = (one.offset..).zip(one.counts.clone());
                counts.filter(|(_, count)| *count > 0).collect()
            };
            prop_assert_eq!(filled(&difference), filled(&expected));
            prop_assert!((difference.sum - expected.sum).abs() < 1e-6);
        }
    }
}
