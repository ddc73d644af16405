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

    /// Adds a finite number. What is finite stays so: it ends at the largest number.
    #[inline]
    pub(super) fn add(&self, value: f64) {
        let mut old = self.bits();
        loop {
            let mut sum = f64::from_bits(old) + value;
            if sum.is_infinite() {
                sum = saturated(f64::from_bits(old), sum);
            }
            let new = sum.to_bits();
            match self.0.compare_exchange_weak(old, new, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return,
                Err(now) => old = now,
            }
        }
    }
}

#[cold]
fn saturated(old: f64, sum: f64) -> f64 {
    if old.is_infinite() { sum } else { sum.clamp(f64::MIN, f64::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_ends_at_the_largest_number() {
        let sum = Float::default();
        for (value, total) in [
            (f64::MAX, f64::MAX),
            (f64::MAX, f64::MAX),
            (f64::MIN, 0.0),
            (f64::MIN, f64::MIN),
            (f64::MIN, f64::MIN),
        ] {
            sum.add(value);
            assert_eq!(sum.get(), total);
        }
        sum.set(f64::INFINITY);
        sum.add(1.0);
        assert_eq!(sum.get(), f64::INFINITY);
    }
}
