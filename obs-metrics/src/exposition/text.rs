//! Names, values and numbers as both text formats write them.

use std::fmt::{self, Display, Formatter, Write as _};

use super::Format;

/// A label value, escaped.
pub(super) struct LabelValue<'a>(pub(super) &'a str);

impl Display for LabelValue<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        escape(self.0, true, f)
    }
}

/// A help text, escaped. Only OpenMetrics escapes quotation marks in it.
pub(super) struct Help<'a>(pub(super) &'a str, pub(super) Format);

impl Display for Help<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        escape(self.0, self.1 == Format::OpenMetrics, f)
    }
}

fn escape(text: &str, quotes: bool, f: &mut Formatter<'_>) -> fmt::Result {
    for piece in text.split_inclusive(['\\', '\n', '"']) {
        let plain = piece.trim_end_matches(['\\', '\n', '"']);
        match &piece[plain.len()..] {
            "\\" => write!(f, "{plain}\\\\")?,
            "\n" => write!(f, "{plain}\\n")?,
            "\"" if quotes => write!(f, "{plain}\\\"")?,
            _ => f.write_str(piece)?,
        }
    }
    Ok(())
}

/// A number; the same text in both formats.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Integer(u64),
    Float(f64),
    /// A bucket's bound: always with a decimal point, as OpenMetrics wants it (`30.0`).
    Bound(f64),
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Integer(value) => value.fmt(f),
            Self::Float(value) | Self::Bound(value) if value.is_nan() => f.write_str("NaN"),
            Self::Float(value) | Self::Bound(value) if value.is_infinite() => {
                f.write_char(if value > 0.0 { '+' } else { '-' })?;
                f.write_str("Inf")
            }
            Self::Float(value) => value.fmt(f),
            Self::Bound(value) => write!(f, "{value:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (number, text) in [
            (Number::Integer(7), "7"),
            (Number::Float(2.0), "2"),
            (Number::Float(0.1), "0.1"),
            (Number::Float(f64::NAN), "NaN"),
            (Number::Float(f64::NEG_INFINITY), "-Inf"),
            (Number::Bound(30.0), "30.0"),
            (Number::Bound(0.005), "0.005"),
            (Number::Bound(f64::INFINITY), "+Inf"),
        ] {
            assert_eq!(number.to_string(), text);
        }
    }

    #[test]
    fn escapes() {
        assert_eq!(LabelValue("a\"b\\c\nd").to_string(), r#"a\"b\\c\nd"#);
        assert_eq!(LabelValue("ende é\\").to_string(), r"ende é\\");
        assert_eq!(LabelValue("ende é").to_string(), "ende é");
        assert_eq!(LabelValue("").to_string(), "");
        assert_eq!(Help("say \"x\"\n", Format::Text).to_string(), r#"say "x"\n"#);
        assert_eq!(Help("say \"x\"\n", Format::OpenMetrics).to_string(), r#"say \"x\"\n"#);
    }
}
