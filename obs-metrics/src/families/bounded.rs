use super::{Label, LabelValue, LabelValues, Scratch};
use crate::governor::OTHER;

/// How many numbers a [`Bounded`] can have.
const MOST: usize = 1000;

/// Their texts, and before them the one of all other numbers.
const TEXTS: [&str; MOST + 1] = {
    let mut texts = [OTHER; MOST + 1];
    let mut number = 0;
    while number < MOST {
        texts[number + 1] = text(&DIGITS[number]);
        number += 1;
    }
    texts
};

const DIGITS: [[u8; 3]; MOST] = {
    let mut all = [[0; 3]; MOST];
    let mut number = 0;
    while number < MOST {
        let digits = [number / 100, number / 10 % 10, number % 10];
        all[number] = [b'0' + digits[0] as u8, b'0' + digits[1] as u8, b'0' + digits[2] as u8];
        number += 1;
    }
    all
};

/// Without leading zeros.
const fn text(digits: &'static [u8; 3]) -> &'static str {
    let digits: &[u8] = match digits {
        [b'0', b'0', one] => std::slice::from_ref(one),
        [b'0', two @ ..] => two,
        three => three,
    };
    match std::str::from_utf8(digits) {
        Ok(text) => text,
        Err(_) => OTHER,
    }
}

/// A closed label of the numbers from 0 to `N` - 1; `N` is 1 to 1000. Any other number is
/// [`OTHER`](crate::OTHER), and shows there.
///
/// ```
/// use obs_core::Clock;
/// use obs_metrics::{Bounded, Definition, Families, MetricsSettings};
///
/// let families = Families::new(&MetricsSettings::default(), Clock::system());
/// let definition = Definition::new("retries_total", "Retries.").labels(["attempt"]);
/// let retries = families.counter::<Bounded<5>>(definition)?;
/// let attempt: u32 = 2;
/// retries.inc(attempt.into());
/// retries.inc(Bounded(77)); // attempt="other"
/// # Ok::<(), obs_metrics::DefinitionError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounded<const N: usize>(pub u64);

impl<const N: usize> Label for Bounded<N> {
    const VALUES: LabelValues = {
        assert!(N >= 1 && N <= MOST, "a `Bounded<N>` has 1 to 1000 numbers");
        LabelValues::Closed(TEXTS.split_at(N + 1).0)
    };

    #[inline]
    fn value<'a>(&'a self, _: &'a mut Scratch) -> LabelValue<'a> {
        LabelValue::Known(if self.0 < N as u64 { self.0 as usize + 1 } else { 0 })
    }
}

macro_rules! from {
    ($($number:ty),+) => {
        $(
        /// A negative number is out of bounds.
        impl<const N: usize> From<$number> for Bounded<N> {
            #[inline]
            fn from(number: $number) -> Self {
                Self(u64::try_from(number).unwrap_or(u64::MAX))
            }
        })+
    };
}

from!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);
