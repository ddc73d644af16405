//! Numbers as both text formats write them.

use std::io::Write as _;
use std::time::Duration;

/// Whole floats from here on are not exact, and have more digits than `i64` would show.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Two shortest texts may be equally near, and then `fmt` takes the other one than zmij. That takes a
/// large number, or one whose last bits are zero.
const TIES: (f64, u32) = (1e12, 7);

#[inline]
pub(super) fn integer(value: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Without an exponent, and whole numbers without a decimal point: `2`, `0.1`, `+Inf`.
pub(in super::super) fn float(value: f64, out: &mut Vec<u8>) {
    let whole = value as i64;
    if whole as f64 == value && value.abs() < EXACT && (whole != 0 || value.is_sign_positive()) {
        out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
    } else if let Some(name) = name_of(value) {
        out.extend_from_slice(name.as_bytes());
    } else {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(value);
        let (large, zeros) = TIES;
        let may_tie = value.abs() >= large || value.to_bits().trailing_zeros() >= zeros;
        // Rare, as is what is far from one.
        if may_tie || text.contains('e') {
            let _ = write!(out, "{value}");
        } else {
            out.extend_from_slice(text.as_bytes());
        }
    }
}

/// A bucket's bound: always with a decimal point, as OpenMetrics wants it (`30.0`).
pub(in super::super) fn bound(value: f64, out: &mut Vec<u8>) {
    let _ = match name_of(value) {
        Some(name) => out.write_all(name.as_bytes()),
        None => write!(out, "{value:?}"),
    };
}

/// Seconds since the Unix epoch.
pub(super) fn timestamp(at: Duration, out: &mut Vec<u8>) {
    integer(at.as_secs(), out);
    if at.subsec_nanos() > 0 {
        let _ = write!(out, ".{:09}", at.subsec_nanos());
        while out.pop_if(|digit| *digit == b'0').is_some() {}
    }
}

fn name_of(value: f64) -> Option<&'static str> {
    match value {
        value if value.is_nan() => Some("NaN"),
        f64::INFINITY => Some("+Inf"),
        f64::NEG_INFINITY => Some("-Inf"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers() {
        for (value, expected) in [
            (2.0, "2"),
            (-2.0, "-2"),
            (-0.0, "-0"),
            (0.1, "0.1"),
            (12.008, "12.008"),
            (1e-7, "0.0000001"),
            (1e17, "100000000000000000"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(text(|out| float(value, out)), expected);
        }
        for (value, expected) in
            [(30.0, "30.0"), (0.005, "0.005"), (1e16, "1e16"), (f64::INFINITY, "+Inf")]
        {
            assert_eq!(text(|out| bound(value, out)), expected);
        }
        for (nanos, expected) in [(0, "0"), (2_000_000_000, "2"), (1_030_000_000, "1.03")] {
            assert_eq!(text(|out| timestamp(Duration::from_nanos(nanos), out)), expected);
        }
    }

    proptest! {
        #[test]
        fn floats_are_what_display_writes(
            value in any::<f64>(),
            small in -1e6..1e6_f64,
            (bits, whole, part) in (0..1_u64 << 53, 1..54_i32, 0..60_i32),
        ) {
            let dyadic = (bits >> (53 - whole)) as f64 / 2_f64.powi(part);
            for value in [value, small, small.round(), small / 1e9, dyadic] {
                if value.is_finite() {
                    prop_assert_eq!(text(|out| float(value, out)), value.to_string());
                }
            }
        }
    }
}
