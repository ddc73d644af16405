use std::borrow::Cow;
use std::fmt;

/// A value of a field: on a log line, a span, an error event.
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
    &'static str => Text, String => Text, Cow<'static, str> => Text,
}

impl From<usize> for FieldValue {
    fn from(value: usize) -> Self {
        Self::U64(value as u64)
    }
}
