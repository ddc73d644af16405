//! The same durations in exponential buckets: eight to every doubling, from 1 µs to 4 096 s.

use obs_core::source::NativeHistogram;

/// What a row has more: none without the feature `native-histograms`.
pub(super) const CELLS: usize = if cfg!(feature = "native-histograms") { 1 + BUCKETS } else { 0 };
/// A bucket is 2^(1/8) times as wide as the one below it.
const SCHEMA: i8 = 3;
const PER_OCTAVE: i32 = 1 << SCHEMA;
/// Up to 2^-20 s it is the zero bucket.
const LOWEST: i32 = -20 * PER_OCTAVE;
/// Up to 2^12 s; the last bucket takes what is longer.
const BUCKETS: usize = 32 * PER_OCTAVE as usize;
/// 2^(n/8): what the fraction of a number is compared with.
const STEPS: [f64; PER_OCTAVE as usize] = [
    1.0,
    1.090_507_732_665_257_7,
    1.189_207_115_002_721,
    1.296_839_554_651_009_6,
    std::f64::consts::SQRT_2,
    1.542_210_825_407_940_7,
    1.681_792_830_507_429,
    1.834_008_086_409_342_4,
];

/// The cell of a duration: the zero bucket, then the others upwards.
#[inline]
pub(super) fn cell(nanos: u64) -> usize {
    let seconds = nanos as f64 / 1e9;
    let exponent = (seconds.to_bits() >> 52) as i32 - 1023;
    let fraction = f64::from_bits(seconds.to_bits() & (u64::MAX >> 12) | 1023 << 52);
    let steps: i32 = STEPS.iter().map(|step| i32::from(*step < fraction)).sum();
    (exponent * PER_OCTAVE + steps - LOWEST).clamp(0, BUCKETS as i32) as usize
}

/// The cells as an exposition has them.
pub(super) fn histogram(cells: &[u64]) -> Option<NativeHistogram<'_>> {
    let (zero_count, counts) = cells.split_first()?;
    let from = counts.iter().position(|count| *count > 0).unwrap_or(0);
    let to = counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
    Some(NativeHistogram {
        schema: SCHEMA,
        zero_threshold: f64::from(LOWEST / PER_OCTAVE).exp2(),
        zero_count: *zero_count,
        offset: LOWEST + 1 + from as i32,
        counts: counts.get(from..to).unwrap_or(&[]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bound that a cell ends at, inclusively.
    fn bound(cell: usize) -> f64 {
        (f64::from(LOWEST + cell as i32) / f64::from(PER_OCTAVE)).exp2()
    }

    #[test]
    fn a_duration_is_at_most_the_bound_of_its_bucket_and_more_than_that_below() {
        for nanos in (0..64).flat_map(|power| {
            let power = 1_u64 << power;
            [power, power + 1, power + power / 3, power.saturating_mul(2) - 1]
        }) {
            let (cell, seconds) = (cell(nanos), nanos as f64 / 1e9);
            assert!(cell == BUCKETS || seconds <= bound(cell), "{nanos} in {cell}");
            assert!(cell == 0 || seconds > bound(cell - 1) * (1.0 - 1e-15), "{nanos} in {cell}");
        }
        assert_eq!((cell(0), cell(u64::MAX)), (0, BUCKETS));
        assert_eq!(bound(cell(1_000_000_000)), 1.0, "a bound is inside of its bucket");
    }

    #[test]
    fn empty_buckets_around_are_left_out() {
        let mut cells = [0; 1 + BUCKETS];
        assert!(histogram(&cells).unwrap().counts.is_empty());
        cells[0] = 1;
        cells[cell(1_000_000_000)] = 2;
        cells[cell(1_100_000_000)] = 3;
        let shown = histogram(&cells).unwrap();
        assert_eq!((shown.zero_count, shown.offset, shown.counts), (1, 0, &[2, 0, 3][..]));
        assert_eq!(histogram(&[]), None, "without the feature");
    }
}
