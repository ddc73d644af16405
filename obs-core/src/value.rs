//! The value of a field, and what converts into one.

use std::borrow::Cow;
use std::fmt;

use crate::redact::floor;

/// How many bytes of a borrowed text are copied: more than any field keeps and
/// [redaction](crate::redact) reads beyond that.
const MAX_COPIED: usize = 16 * 1024;

/// A value of a field: on a log line, a span, an error event.
///
/// Numbers, `bool` and text convert into it. A borrowed text of any lifetime is copied, at most its
/// first 16 KiB, which is more than any field keeps; an owned one is moved. To keep a text that lives
/// as long as the program without a copy, use [`from_static`](Self::from_static).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FieldValue {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    I64(i64),
    /// A whole number beyond `i64`.
    U64(u64),
    /// Any number.
    F64(f64),
    /// Text.
    Text(Cow<'static, str>),
}

impl FieldValue {
    /// A text that lives as long as the program, without the copy that `From<&str>` makes.
    ///
    /// ```
    /// use obs_core::FieldValue;
    ///
    /// assert_eq!(FieldValue::from_static("north"), FieldValue::from("north"));
    /// ```
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// About how much memory it holds, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len() + size_of::<Self>(),
            _ => size_of::<Self>(),
        }
    }
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::I64(value) => value.fmt(f),
            Self::U64(value) => value.fmt(f),
            Self::F64(value) => value.fmt(f),
            Self::Text(value) => value.fmt(f),
        }
    }
}

macro_rules! from {
    ($($from:ty => $variant:ident),* $(,)?) => {$(
        impl From<$from> for FieldValue {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

from! {
    bool => Bool,
    i8 => I64, i16 => I64, i32 => I64, i64 => I64, u8 => I64, u16 => I64, u32 => I64,
    u64 => U64,
    f32 => F64, f64 => F64,
    String => Text,
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::Text(Cow::Owned(text[..floor(text, MAX_COPIED)].to_owned()))
    }
}

impl From<&String> for FieldValue {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<Cow<'_, str>> for FieldValue {
    fn from(text: Cow<'_, str>) -> Self {
        match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }
}

impl From<usize> for FieldValue {
    fn from(value: usize) -> Self {
        Self::U64(value as u64)
    }
}
