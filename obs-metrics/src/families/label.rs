/// How many labels a family can have.
pub(crate) const MAX_LABELS: usize = 6;

/// One label of a family as a type: what values it has, and which one a value of the type is.
///
/// Implemented by enums of [`label_enum!`](crate::label_enum), `bool`,
/// [`OneOf!`](crate::OneOf!), [`Bounded`](crate::Bounded), `&'static str` and
/// [`Capped`](crate::Capped). A type of your own:
///
/// ```
/// use obs_metrics::{Label, LabelValue, LabelValues, Scratch};
///
/// struct Shard(u8);
///
/// impl Label for Shard {
///     const VALUES: LabelValues = LabelValues::Closed(&["0", "1", "2", "3"]);
///
///     fn value<'a>(&'a self, _: &'a mut Scratch) -> LabelValue<'a> {
///         LabelValue::Known((self.0 % 4).into())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of a label",
    note = "a label is a `label_enum!`, a `bool`, `OneOf![\"a\", \"b\"]`, `Bounded<N>` or a `&'static str`",
    note = "texts, numbers and ids that come from requests can have any number of values: wrap them as `Capped<T>`"
)]
pub trait Label {
    /// What values there are.
    const VALUES: LabelValues;

    /// This value. `scratch` is room for a text that is not there yet.
    fn value<'a>(&'a self, scratch: &'a mut Scratch) -> LabelValue<'a>;
}

/// What values a label has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelValues {
    /// These and no others: 1 or more, each once, each of at most
    /// [`MAX_VALUE_BYTES`](crate::MAX_VALUE_BYTES).
    Closed(&'static [&'static str]),
    /// Any text.
    Open {
        /// How many values get series of their own, 1 or more. `None` is
        /// [`MetricsSettings::max_label_values`](crate::MetricsSettings::max_label_values); in a
        /// [`FamilyDefinition`](crate::FamilyDefinition) it is always there.
        limit: Option<usize>,
    },
}

/// One value of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelValue<'a> {
    /// Of a closed label: where it is in [`LabelValues::Closed`]. Beyond the end it is the last one;
    /// for an open label it is the empty text.
    Known(usize),
    /// Of an open label; for a closed one it is the first value.
    Text(&'a str),
}

/// Room on the stack for the text of a number.
#[derive(Default)]
pub struct Scratch(itoa::Buffer);

impl std::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scratch").finish_non_exhaustive()
    }
}

impl Scratch {
    #[inline]
    pub(super) fn write(&mut self, number: impl itoa::Integer) -> &str {
        self.0.format(number)
    }
}

impl Label for bool {
    const VALUES: LabelValues = LabelValues::Closed(&["false", "true"]);

    #[inline]
    fn value<'a>(&'a self, _: &'a mut Scratch) -> LabelValue<'a> {
        LabelValue::Known(usize::from(*self))
    }
}

/// Texts of the program: open, but they do not come from a request.
impl Label for &'static str {
    const VALUES: LabelValues = LabelValues::Open { limit: None };

    #[inline]
    fn value<'a>(&'a self, _: &'a mut Scratch) -> LabelValue<'a> {
        LabelValue::Text(self)
    }
}

impl<T: Label> Label for &T {
    const VALUES: LabelValues = T::VALUES;

    #[inline]
    fn value<'a>(&'a self, scratch: &'a mut Scratch) -> LabelValue<'a> {
        (*self).value(scratch)
    }
}

impl LabelValues {
    /// How many values a closed label has; 1 for an open one.
    pub(super) const fn count(self) -> usize {
        match self {
            Self::Closed(texts) => texts.len(),
            Self::Open { .. } => 1,
        }
    }
}

/// Where a value of a closed label is.
#[inline]
pub(super) fn index<T: Label>(value: &T) -> usize {
    match value.value(&mut Scratch::default()) {
        LabelValue::Known(at) => at.min(T::VALUES.count().saturating_sub(1)),
        LabelValue::Text(_) => 0,
    }
}

/// The text of a value.
#[inline]
pub(super) fn text<'a, T: Label>(value: &'a T, scratch: &'a mut Scratch) -> &'a str {
    match (T::VALUES, value.value(scratch)) {
        (LabelValues::Closed(texts), LabelValue::Known(at)) => {
            texts.get(at).or(texts.last()).copied().unwrap_or_default()
        }
        (LabelValues::Closed(texts), LabelValue::Text(_)) => {
            texts.first().copied().unwrap_or_default()
        }
        (LabelValues::Open { .. }, LabelValue::Text(text)) => text,
        (LabelValues::Open { .. }, LabelValue::Known(_)) => "",
    }
}
