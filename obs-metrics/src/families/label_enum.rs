/// Makes an enum that is a closed [`Label`](crate::Label): its values are known, so that a series is
/// found by a number.
///
/// ```
/// obs_metrics::label_enum! {
///     /// How an order is paid.
///     pub enum Payment {
///         Bkash = "bkash",
///         /// Any credit card.
///         Card = "card",
///     }
/// }
///
/// assert_eq!(Payment::Card.as_str(), "card");
/// ```
///
/// The enum is `Copy`, `Eq`, `Hash` and `Debug`. Two equal texts are an error of the compiler in a
/// [`define_metrics!`](crate::define_metrics), else of the registration.
#[macro_export]
macro_rules! label_enum {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[$of_variant:meta])* $variant:ident = $text:literal),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $name {
            $($(#[$of_variant])* #[doc = concat!("`", $text, "`")] $variant),+
        }

        impl $name {
            /// The label's text.
            #[must_use]
            #[allow(dead_code, reason = "not every user wants it")]
            $vis const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }
        }

        impl $crate::Label for $name {
            const VALUES: $crate::LabelValues = $crate::LabelValues::Closed(&[$($text),+]);

            #[inline]
            fn value<'a>(&'a self, _: &'a mut $crate::Scratch) -> $crate::LabelValue<'a> {
                $crate::LabelValue::Known(*self as usize)
            }
        }
    };
}
