use std::sync::atomic::{AtomicU64, Ordering};

/// A number that threads add to.
#[derive(Debug, Default)]
pub(super) struct Float(AtomicU64);

impl Float {
    #[inline]
    pub(super) fn get(&self) -> f64 {
        f64::from_bits(self.bits())
    }

    #[inline]
    pub(super) fn bits(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    #[inline]
    pub(super) fn set(&self, value: f64) {
        self.0.store(value.to_bits(), Ordering::Relaxed);
    }

    /// Adds a number. What is finite stays so: it ends at the largest number. `false` if `value` is
    /// not finite: then it is not added.
    #[inline]
    pub(super) fn add(&self, value: f64) -> bool {
        self.add_unless(value, |sum| !sum.is_finite())
    }

    /// The same of a sum that never goes down: `false` if `value` is negative, too.
    #[inline]
    pub(super) fn grow(&self, value: f64) -> bool {
        // The bits of numbers that are not negative are in their order: one comparison of integers.
        value >= 0.0 && self.add_unless(value, |sum| sum.to_bits() >= f64::INFINITY.to_bits())
    }

    #[inline]
    fn add_unless(&self, value: f64, is_infinite: impl Fn(f64) -> bool) -> bool {
        let mut old = self.bits();
        loop {
            let mut sum = f64::from_bits(old) + value;
            if is_infinite(sum) {
                match saturated(f64::from_bits(old), value) {
                    Some(end) => sum = end,
                    None => return false,
                }
            }
            let new = sum.to_bits();
            match self.0.compare_exchange_weak(old, new, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(now) => old = now,
            }
        }
    }
}

#[cold]
fn saturated(old: f64, value: f64) -> Option<f64> {
    let end = if old.is_finite() { f64::MAX.copysign(value) } else { old };
    value.is_finite().then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_ends_at_the_largest_number() {
        let sum = Float::default();
        for (value, total) in [
            (f64::MAX / 2.0, f64::MAX / 2.0),
            (f64::MAX, f64::MAX),
            (f64::MIN, 0.0),
            (f64::MIN, f64::MIN),
            (f64::MIN, f64::MIN),
        ] {
            assert!(sum.add(value));
            assert_eq!(sum.get(), total);
        }
        sum.set(f64::INFINITY);
        assert!(sum.add(1.0));
        assert_eq!(sum.get(), f64::INFINITY);
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            sum.set(1.0);
            assert!(!sum.add(value));
            assert_eq!(sum.get(), 1.0);
        }
    }
}
