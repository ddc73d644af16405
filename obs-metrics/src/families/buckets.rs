/// Per row: found in four steps without a branch.
const WIDTH: usize = 16;

/// Upper bounds in rows, filled up with infinity: half of what a search through a slice costs.
#[derive(Debug)]
pub(super) struct Buckets(Box<[[f64; WIDTH]]>);

impl Buckets {
    /// `bounds` are finite and ascend.
    pub(super) fn new(bounds: &[f64]) -> Self {
        let row = |bounds: &[f64]| {
            let mut row = [f64::INFINITY; WIDTH];
            row.iter_mut().zip(bounds).for_each(|(to, bound)| *to = *bound);
            row
        };
        Self(bounds.chunks(WIDTH).map(row).collect())
    }

    /// The first bucket whose bound is not below `value`; one more than there are if none is.
    #[inline]
    pub(super) fn find(&self, value: f64) -> usize {
        let mut rows = self.0.iter().enumerate();
        let Some((index, row)) = rows.find(|(_, row)| value <= row[WIDTH - 1]) else {
            return self.0.len() * WIDTH;
        };
        let mut at = 0;
        for half in [8, 4, 2, 1] {
            // `at` is never so large that the mask changes it.
            if row[(at + half - 1) % WIDTH] < value {
                at += half;
            }
        }
        index * WIDTH + at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_partition_point() {
        for count in 1..=64 {
            let bounds: Vec<f64> = (0..count).map(f64::from).collect();
            let buckets = Buckets::new(&bounds);
            for value in -3..140 {
                let value = f64::from(value) / 2.0;
                let at = bounds.partition_point(|bound| *bound < value);
                assert_eq!(buckets.find(value), at, "{value} in {count}");
            }
        }
    }
}
