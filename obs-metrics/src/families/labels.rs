use super::label::{self, Label, LabelValues, Scratch};

/// The labels of a family as one type: `()`, one [`Label`], or a tuple of 2 to 6.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of labels",
    note = "labels are `()`, one `Label`, or a tuple of 2 to 6"
)]
pub trait Labels {
    /// What values each label has, in order.
    fn values() -> Vec<LabelValues>;

    /// Where this combination is if all labels are closed: the first label counts most.
    #[doc(hidden)]
    fn slot(&self) -> usize;

    /// Hands the texts to `then`.
    #[doc(hidden)]
    fn texts<R>(&self, then: impl FnOnce(&[&str]) -> R) -> R;
}

impl Labels for () {
    fn values() -> Vec<LabelValues> {
        Vec::new()
    }

    #[inline]
    fn slot(&self) -> usize {
        0
    }

    #[inline]
    fn texts<R>(&self, then: impl FnOnce(&[&str]) -> R) -> R {
        then(&[])
    }
}

impl<T: Label> Labels for T {
    fn values() -> Vec<LabelValues> {
        vec![T::VALUES]
    }

    #[inline]
    fn slot(&self) -> usize {
        label::index(self)
    }

    #[inline]
    fn texts<R>(&self, then: impl FnOnce(&[&str]) -> R) -> R {
        then(&[label::text(self, &mut Scratch::default())])
    }
}

/// The labels of a built-in family: how many there are is data. None, or open ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a>(pub(crate) &'a [&'a str]);

impl Labels for Row<'_> {
    /// The family knows them: none is registered with this type.
    fn values() -> Vec<LabelValues> {
        Vec::new()
    }

    #[inline]
    fn slot(&self) -> usize {
        0
    }

    #[inline]
    fn texts<R>(&self, then: impl FnOnce(&[&str]) -> R) -> R {
        then(self.0)
    }
}

macro_rules! tuples {
    ($($($label:ident $at:tt $scratch:ident),+;)+) => {
        $(impl<$($label: Label),+> Labels for ($($label),+) {
            fn values() -> Vec<LabelValues> {
                vec![$($label::VALUES),+]
            }

            #[inline]
            fn slot(&self) -> usize {
                let slot = 0;
                $(let slot = slot * $label::VALUES.count() + label::index(&self.$at);)+
                slot
            }

            #[inline]
            fn texts<R>(&self, then: impl FnOnce(&[&str]) -> R) -> R {
                $(let mut $scratch = Scratch::default();)+
                then(&[$(label::text(&self.$at, &mut $scratch)),+])
            }
        })+
    };
}

tuples! {
    A 0 a, B 1 b;
    A 0 a, B 1 b, C 2 c;
    A 0 a, B 1 b, C 2 c, D 3 d;
    A 0 a, B 1 b, C 2 c, D 3 d, E 4 e;
    A 0 a, B 1 b, C 2 c, D 3 d, E 4 e, F 5 f;
}
