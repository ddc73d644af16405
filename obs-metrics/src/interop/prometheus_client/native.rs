use obs_core::source::NativeHistogram;
use prometheus_client::encoding::prometheus_protobuf::prometheus_data_model as model;

/// Between the lowest and the highest bucket; the finest schema has 2048 of them for a factor of 256.
const MAX_BUCKETS: usize = 16_384;

/// Native buckets without gaps.
#[derive(Debug, PartialEq)]
pub(super) struct Dense {
    schema: i8,
    zero_threshold: f64,
    zero_count: u64,
    offset: i32,
    counts: Vec<u64>,
}

impl Dense {
    /// `None` if it has no native buckets, or some that we have no place for.
    pub(super) fn of(histogram: &model::Histogram) -> Option<Self> {
        let spans = &histogram.positive_span;
        let native = !spans.is_empty() || histogram.zero_threshold > 0.0;
        if !native || histogram.negative_span.iter().any(|span| span.length > 0) {
            return None;
        }
        let mut counts = Vec::new();
        let mut deltas = histogram.positive_delta.iter();
        let mut count = 0_i64;
        for (index, span) in spans.iter().enumerate() {
            let gap = if index == 0 { 0 } else { usize::try_from(span.offset).ok()? };
            let length = usize::try_from(span.length).ok()?;
            if gap.saturating_add(length).saturating_add(counts.len()) > MAX_BUCKETS {
                return None;
            }
            counts.resize(counts.len() + gap, 0);
            for delta in deltas.by_ref().take(length) {
                count = count.checked_add(*delta)?;
                counts.push(u64::try_from(count).ok()?);
            }
        }
        Some(Self {
            schema: histogram.schema.try_into().ok()?,
            zero_threshold: histogram.zero_threshold,
            zero_count: histogram.zero_count,
            offset: spans.first().map_or(0, |span| span.offset),
            counts,
        })
    }

    pub(super) fn as_native(&self) -> NativeHistogram<'_> {
        NativeHistogram {
            schema: self.schema,
            zero_threshold: self.zero_threshold,
            zero_count: self.zero_count,
            offset: self.offset,
            counts: &self.counts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(spans: &[(i32, u32)], deltas: &[i64]) -> model::Histogram {
        let span = |&(offset, length)| model::BucketSpan { offset, length };
        model::Histogram {
            schema: 3,
            zero_threshold: 1e-9,
            positive_span: spans.iter().map(span).collect(),
            positive_delta: deltas.to_vec(),
            ..model::Histogram::default()
        }
    }

    #[test]
    fn gaps_are_empty_buckets() {
        let dense = Dense::of(&histogram(&[(-5, 2), (3, 1)], &[1, 2, -1])).unwrap();
        assert_eq!((dense.offset, &*dense.counts), (-5, &[1, 3, 0, 0, 0, 2][..]));
        assert_eq!(Dense::of(&histogram(&[], &[])).unwrap().counts, []);
    }

    #[test]
    fn what_makes_no_sense_is_no_histogram() {
        for (spans, deltas) in [
            (&[(0, 1), (i32::MAX, 1)][..], &[1, 1][..]),
            (&[(0, u32::MAX)], &[1]),
            (&[(0, 2), (-1, 1)], &[1, 1, 1]),
            (&[(0, 1)], &[-1]),
            (&[(0, 2)], &[i64::MAX, 1]),
        ] {
            assert_eq!(Dense::of(&histogram(spans, deltas)), None, "{spans:?} {deltas:?}");
        }
        assert_eq!(Dense::of(&model::Histogram::default()), None);
    }
}
