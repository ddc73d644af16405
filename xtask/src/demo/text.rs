//! How numbers are written.

/// `3012` as `3 012`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// Seconds as milliseconds with three significant digits or so; nothing was timed: a dash.
pub(super) fn millis(seconds: Option<f64>) -> String {
    match seconds.map(|seconds| seconds * 1000.0) {
        None => "–".to_owned(),
        Some(ms) if ms < 10.0 => format!("{ms:.1}"),
        Some(ms) => format!("{ms:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(3012), "3 012");
        assert_eq!(grouped(1_234_567), "1 234 567");
    }

    #[test]
    fn small_times_keep_a_digit() {
        assert_eq!(millis(Some(0.0047)), "4.7");
        assert_eq!(millis(Some(0.482)), "482");
        assert_eq!(millis(None), "–");
    }
}
