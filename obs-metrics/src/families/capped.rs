use std::borrow::Cow;
use std::sync::Arc;

use super::{Label, LabelValue, LabelValues, Scratch};

/// An open label whose values may come from anywhere: ids, names, numbers. At most `LIMIT` of its
/// values get series of their own; all further ones share [`OTHER`](crate::OTHER). 0 stands for
/// [`MetricsSettings::max_label_values`](crate::MetricsSettings::max_label_values). A limit of the
/// [`Definition`](crate::Definition) wins.
///
/// A family that is declared for `Capped<&'static str>` takes any `&str`:
///
/// ```
/// use obs_core::Clock;
/// use obs_metrics::{Capped, Definition, Families, MetricsSettings};
///
/// let families = Families::new(&MetricsSettings::default(), Clock::system());
/// let definition = Definition::new("logins_total", "Logins.").labels(["tenant"]);
/// let logins = families.counter::<Capped<&str>>(definition)?;
/// let tenant = String::from("acme");
/// logins.inc(Capped(&tenant));
/// # Ok::<(), obs_metrics::DefinitionError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Capped<T, const LIMIT: usize = 0>(pub T);

impl<T> Capped<T> {
    /// With the limit of the settings, where no family says which: in the macros of events.
    ///
    /// ```
    /// let customer = 4711;
    /// obs_metrics::product_viewed!("milk", obs_metrics::Capped::new(customer));
    /// ```
    #[inline]
    pub const fn new(value: T) -> Self {
        Self(value)
    }
}

/// What [`Capped`] takes: texts and whole numbers.
pub trait LabelText {
    /// The text, written into `scratch` if it is not there yet.
    fn text<'a>(&'a self, scratch: &'a mut Scratch) -> &'a str;
}

impl<T: LabelText, const LIMIT: usize> Label for Capped<T, LIMIT> {
    const VALUES: LabelValues =
        LabelValues::Open { limit: if LIMIT == 0 { None } else { Some(LIMIT) } };

    #[inline]
    fn value<'a>(&'a self, scratch: &'a mut Scratch) -> LabelValue<'a> {
        LabelValue::Text(self.0.text(scratch))
    }
}

macro_rules! texts {
    ($($text:ty),+) => {
        $(impl LabelText for $text {
            #[inline]
            fn text<'a>(&'a self, _: &'a mut Scratch) -> &'a str {
                self
            }
        })+
    };
}

macro_rules! numbers {
    ($($number:ty),+) => {
        $(impl LabelText for $number {
            #[inline]
            fn text<'a>(&'a self, scratch: &'a mut Scratch) -> &'a str {
                scratch.write(*self)
            }
        })+
    };
}

texts!(&str, &String, String, Box<str>, Arc<str>, Cow<'_, str>);
numbers!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);
