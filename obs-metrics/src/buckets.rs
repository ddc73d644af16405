/// Per row: found in four steps without a branch.
const WIDTH: usize = 16;

/// Upper bounds in rows, filled up with what is above all of them: half of what a search through a
/// slice costs.
#[derive(Debug)]
pub(crate) struct Buckets<T> {
    rows: Box<[[T; WIDTH]]>,
    len: usize,
}

impl<T: Copy + PartialOrd> Buckets<T> {
    /// `bounds` ascend, and no value is above `most`.
    pub(crate) fn new(bounds: &[T], most: T) -> Self {
        let row = |bounds: &[T]| {
            let mut row = [most; WIDTH];
            row.iter_mut().zip(bounds).for_each(|(to, bound)| *to = *bound);
            row
        };
        Self { rows: bounds.chunks(WIDTH).map(row).collect(), len: bounds.len() }
    }

    /// How many bounds there are: one less than buckets.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The first bucket whose bound is not below `value`; [`len`](Self::len) if none is.
    #[inline]
    pub(crate) fn find(&self, value: T) -> usize {
        let Some(index) = self.rows.iter().position(|row| value <= row[WIDTH - 1]) else {
            return self.len;
        };
        let row = &self.rows[index];
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
        for count in 0..=64 {
            let bounds: Vec<u64> = (0..count).map(|bound| bound * 2).collect();
            let whole = Buckets::new(&bounds, u64::MAX);
            let floats: Vec<f64> = bounds.iter().map(|bound| *bound as f64).collect();
            let broken = Buckets::new(&floats, f64::INFINITY);
            for value in (0..140).chain([u64::MAX]) {
                let at = bounds.partition_point(|bound| *bound < value);
                assert_eq!(whole.find(value), at, "{value} in {count}");
                assert_eq!(broken.find(value as f64), at, "{value} in {count}");
            }
            assert_eq!((whole.len(), broken.find(-1.0)), (bounds.len(), 0));
        }
    }
}
