use std::fmt::{self, Debug, Formatter};
use std::marker::PhantomData;

use super::{Label, LabelValue, LabelValues, Scratch};
use crate::governor::OTHER;

/// How many texts a [`OneOf`] can have.
const MOST: usize = 64;

/// A closed label of the texts that [`OneOf!`](crate::OneOf!) names. Any other text is
/// [`OTHER`](crate::OTHER), and shows there.
///
/// ```
/// use obs_core::Clock;
/// use obs_metrics::{Definition, Families, MetricsSettings, OneOf};
///
/// let families = Families::new(&MetricsSettings::default(), Clock::system());
/// let definition = Definition::new("logins_total", "Logins.").labels(["client"]);
/// let logins = families.counter::<OneOf!["web", "android", "ios"]>(definition)?;
/// let header = String::from("android");
/// logins.inc(header.as_str().into());
/// # Ok::<(), obs_metrics::DefinitionError>(())
/// ```
pub struct OneOf<T> {
    /// Where the text is; one more than there are for [`OTHER`].
    at: u8,
    texts: PhantomData<fn() -> T>,
}

/// The type of a label that is one of these texts: 1 to 64, each of 1 to 32 bytes, each once. See
/// [`OneOf`](struct@crate::OneOf).
#[macro_export]
macro_rules! OneOf {
    ($($text:literal),+ $(,)?) => {
        $crate::OneOf<$crate::OneOf!(@ $($text),+)>
    };
    (@) => { () };
    (@ $text:literal $(, $rest:literal)*) => {
        ($crate::define::Text<{ $crate::define::chars($text, 0) }, { $crate::define::chars($text, 1) }>,
         $crate::OneOf!(@ $($rest),*))
    };
}

/// A text as a type: its bytes, and zeros behind them.
#[doc(hidden)]
#[derive(Debug)]
pub enum Text<const A: u128, const B: u128> {}

/// 16 bytes of a text, as a number.
#[doc(hidden)]
#[track_caller]
#[must_use]
pub const fn chars(text: &str, half: usize) -> u128 {
    let text = text.as_bytes();
    assert!(!text.is_empty() && text.len() <= 32, "a text of `OneOf!` has 1 to 32 bytes");
    let mut bytes = [0; 16];
    let mut at = 0;
    while at < 16 && half * 16 + at < text.len() {
        assert!(text[half * 16 + at] != 0, "a text of `OneOf!` has no zero byte");
        bytes[at] = text[half * 16 + at];
        at += 1;
    }
    u128::from_be_bytes(bytes)
}

impl<const A: u128, const B: u128> Text<A, B> {
    const BYTES: [[u8; 16]; 2] = [A.to_be_bytes(), B.to_be_bytes()];
    const TEXT: &'static str = {
        let bytes = Self::BYTES.as_flattened();
        let mut len = 0;
        while len < bytes.len() && bytes[len] != 0 {
            len += 1;
        }
        match std::str::from_utf8(bytes.split_at(len).0) {
            Ok(text) => text,
            Err(_) => OTHER,
        }
    };
}

/// A list of [`Text`]s, the first of them in front.
#[doc(hidden)]
pub trait Texts {
    const COUNT: usize;
    /// Behind them is [`OTHER`].
    const ALL: [&'static str; MOST + 1];
}

impl Texts for () {
    const COUNT: usize = 0;
    const ALL: [&'static str; MOST + 1] = [OTHER; MOST + 1];
}

impl<const A: u128, const B: u128, Rest: Texts> Texts for (Text<A, B>, Rest) {
    const COUNT: usize = Rest::COUNT + 1;
    const ALL: [&'static str; MOST + 1] = {
        assert!(Self::COUNT <= MOST, "`OneOf!` has at most 64 texts");
        let mut all = [OTHER; MOST + 1];
        all[0] = Text::<A, B>::TEXT;
        let mut at = 0;
        while at < Rest::COUNT {
            all[at + 1] = Rest::ALL[at];
            at += 1;
        }
        all
    };
}

impl<T: Texts> Label for OneOf<T> {
    const VALUES: LabelValues = LabelValues::Closed(T::ALL.split_at(T::COUNT + 1).0);

    #[inline]
    fn value<'a>(&'a self, _: &'a mut Scratch) -> LabelValue<'a> {
        LabelValue::Known(self.at.into())
    }
}

impl<T: Texts> From<&str> for OneOf<T> {
    fn from(text: &str) -> Self {
        let texts = T::ALL.iter().take(T::COUNT);
        let at = texts.clone().position(|known| *known == text).unwrap_or(T::COUNT);
        Self { at: at as u8, texts: PhantomData }
    }
}

impl<T> Clone for OneOf<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for OneOf<T> {}

impl<T: Texts> Debug for OneOf<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OneOf").field(&T::ALL[usize::from(self.at).min(MOST)]).finish()
    }
}
