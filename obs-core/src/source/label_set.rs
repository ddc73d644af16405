use std::borrow::Cow;

use super::is_label_name;

/// The labels of a series, written once as Prometheus' text formats want them: a series that is
/// shown with every scrape is not escaped every time.
///
/// ```
/// use obs_core::source::LabelSet;
///
/// let labels = LabelSet::new(&[("queue", "mail"), ("host", "a\"b")])?;
/// assert_eq!(labels.text(), r#"queue="mail",host="a\"b""#);
/// assert!(labels.pairs().eq([("queue", "mail".into()), ("host", "a\"b".into())]));
/// # Ok::<(), obs_core::source::InvalidLabel>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LabelSet(Box<str>);

/// A label has a name that no format takes, or a name that is there twice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "label {name:?}: a name is made of letters, digits and _, begins with neither a digit nor __, and is there once"
)]
pub struct InvalidLabel {
    /// The name.
    pub name: String,
}

impl LabelSet {
    /// Labels in the order given: names with values.
    ///
    /// # Errors
    /// The first name that is invalid or there twice.
    pub fn new(labels: &[(&str, &str)]) -> Result<Self, InvalidLabel> {
        let size = labels.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
        let mut text = String::with_capacity(size);
        for (index, (name, value)) in labels.iter().enumerate() {
            let again = labels[..index].iter().any(|(earlier, _)| earlier == name);
            if again || !is_label_name(name) {
                return Err(InvalidLabel { name: (*name).to_owned() });
            }
            if index > 0 {
                text.push(',');
            }
            text.push_str(name);
            text.push_str("=\"");
            escape(value, &mut text);
            text.push('"');
        }
        Ok(Self(text.into()))
    }

    /// `name="value",…`, escaped; empty without labels.
    #[inline]
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Names with values, not escaped.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let mut rest = self.text();
        std::iter::from_fn(move || {
            let (name, behind) = rest.split_once("=\"")?;
            let end = end_of_value(behind)?;
            rest = behind[end + 1..].trim_start_matches(',');
            Some((name, unescape(&behind[..end])))
        })
    }
}

/// Escapes a label's value as both text formats want it.
fn escape(value: &str, out: &mut String) {
    let mut rest = value;
    let special = |byte: &u8| matches!(byte, b'\\' | b'\n' | b'"');
    while let Some(at) = rest.as_bytes().iter().position(special) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'\n' => "\\n",
            b'"' => "\\\"",
            _ => "\\\\",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Where the quotation mark is that ends a value.
fn end_of_value(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        end
    })
}

fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut value = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        value.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some(other) => other,
                None => break,
            },
            other => other,
        });
    }
    Cow::Owned(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        for value in ["", "plain", "a\"b\\c\nd", "ende é\\", "\"", "\\\"", "a\\n", ",x=\"y\"", "\\"]
        {
            let labels = LabelSet::new(&[("a", value), ("b", "z")]).unwrap();
            let pairs: Vec<_> = labels.pairs().collect();
            assert_eq!(pairs, [("a", Cow::from(value)), ("b", "z".into())], "{}", labels.text());
        }
        assert_eq!(LabelSet::new(&[("a", "a\"b\\c\nd")]).unwrap().text(), r#"a="a\"b\\c\nd""#);
        assert_eq!(LabelSet::default().pairs().count(), 0);
    }

    #[test]
    fn names_are_checked() {
        for labels in [&[("1", "")][..], &[("__name__", "")], &[("a", ""), ("a", "")]] {
            assert_eq!(LabelSet::new(labels).unwrap_err().name, labels[0].0);
        }
    }
}
