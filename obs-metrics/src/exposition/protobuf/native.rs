use obs_core::source::NativeHistogram;

use super::messages::{BucketSpan, Histogram};

/// What Prometheus takes.
const SCHEMAS: std::ops::RangeInclusive<i8> = -4..=8;
/// So many empty buckets cost less than a span of their own.
const GAP: usize = 2;

/// Adds the native buckets. `sample_count` is theirs from then on: a scraper that reads them
/// refuses a histogram whose buckets have another sum.
pub(super) fn add(native: &NativeHistogram<'_>, histogram: &mut Histogram) {
    let NativeHistogram { schema, zero_threshold, zero_count, offset, counts } = *native;
    let total = counts.iter().try_fold(zero_count, |sum, count| sum.checked_add(*count));
    // The difference of any two counts is a signed number.
    let total = total.filter(|total| i64::try_from(*total).is_ok());
    let fits = SCHEMAS.contains(&schema) && zero_threshold >= 0.0 && zero_threshold.is_finite();
    let end = i32::try_from(counts.len()).ok().and_then(|len| offset.checked_add(len));
    let (Some(total), Some(_), true) = (total, end, fits) else {
        return;
    };
    let (spans, deltas) = spans(offset, counts);
    *histogram = Histogram {
        sample_count: Some(total),
        schema: Some(schema.into()),
        zero_threshold: Some(zero_threshold),
        zero_count: Some(zero_count),
        positive_span: spans,
        positive_delta: deltas,
        ..std::mem::take(histogram)
    };
}

/// The buckets without most of the empty ones: where runs of buckets are, and the difference of each
/// bucket to the one before.
fn spans(offset: i32, counts: &[u64]) -> (Vec<BucketSpan>, Vec<i64>) {
    let (mut spans, mut deltas) = (Vec::<(i32, u32)>::new(), Vec::new());
    let (mut last, mut end) = (0_u64, 0);
    for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let gap = at - end;
        match spans.last_mut() {
            Some((_, length)) if gap <= GAP => {
                for _ in 0..gap {
                    deltas.push(0_u64.wrapping_sub(last) as i64);
                    last = 0;
                }
                *length += gap as u32 + 1;
            }
            Some(_) => spans.push((gap as i32, 1)),
            None => spans.push((offset + gap as i32, 1)),
        }
        deltas.push(count.wrapping_sub(last) as i64);
        (last, end) = (*count, at + 1);
    }
    if spans.is_empty() {
        // It says that the histogram has native buckets, though none of them counts anything.
        spans.push((0, 0));
    }
    let span = |(offset, length)| BucketSpan { offset: Some(offset), length: Some(length) };
    (spans.into_iter().map(span).collect(), deltas)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn spans_say_what_the_counts_say(
            offset in -2000..2000_i32,
            counts in vec(prop_oneof![3 => Just(0), 2 => 0..1000_u64], 0..60),
        ) {
            let (spans, deltas) = spans(offset, &counts);
            let (mut at, mut count, mut deltas) = (0, 0, deltas.into_iter());
            let mut read = Vec::new();
            for BucketSpan { offset, length } in spans {
                at += offset.unwrap();
                for _ in 0..length.unwrap() {
                    count += deltas.next().unwrap();
                    read.push((at, count as u64));
                    at += 1;
                }
            }
            prop_assert_eq!(deltas.next(), None);
            read.retain(|(_, count)| *count > 0);
            let shown = (offset..).zip(counts).filter(|(_, count)| *count > 0);
            prop_assert_eq!(read, shown.collect::<Vec<_>>());
        }
    }
}
