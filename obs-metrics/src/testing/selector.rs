use std::iter::Peekable;
use std::str::Chars;

use obs_core::source::{is_label_name, is_metric_name};

/// A name, and what labels must be.
#[derive(Debug, PartialEq)]
pub(super) struct Selector {
    pub(super) name: String,
    pub(super) labels: Vec<Matcher>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Matcher {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) equal: bool,
}

impl Selector {
    /// Or what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, braces) = text.find('{').map_or((text, ""), |at| text.split_at(at));
        let name = name.trim();
        if !is_metric_name(name) {
            return Err(format!("{name:?} is no name of a metric"));
        }
        let labels = match braces.trim() {
            "" => Vec::new(),
            braces => {
                let inside = braces.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
                matchers(inside.ok_or("the brace is not closed")?)?
            }
        };
        Ok(Self { name: name.to_owned(), labels })
    }

    pub(super) fn matches(&self, name: &str, labels: &[(String, String)]) -> bool {
        self.name == name && self.labels.iter().all(|matcher| matcher.matches(labels))
    }
}

impl Matcher {
    /// A label that is not there is empty, as in PromQL.
    fn matches(&self, labels: &[(String, String)]) -> bool {
        let label = labels.iter().find(|(name, _)| *name == self.label);
        let value = label.map_or("", |(_, value)| value);
        let equal = match (self.label.as_str(), self.value.parse::<f64>(), value.parse::<f64>()) {
            ("le", Ok(wanted), Ok(bound)) => wanted == bound,
            _ => self.value == value,
        };
        equal == self.equal
    }
}

fn matchers(text: &str) -> Result<Vec<Matcher>, String> {
    let mut labels = Vec::new();
    let mut chars = text.chars().peekable();
    loop {
        skip_spaces(&mut chars);
        if chars.peek().is_none() {
            return Ok(labels);
        }
        labels.push(matcher(&mut chars)?);
        skip_spaces(&mut chars);
        match chars.next() {
            None => return Ok(labels),
            Some(',') => {}
            Some(other) => return Err(format!("{other:?} where a comma was expected")),
        }
    }
}

fn matcher(chars: &mut Peekable<Chars<'_>>) -> Result<Matcher, String> {
    let mut label = String::new();
    while let Some(char) = chars.next_if(|char| !matches!(char, '=' | '!')) {
        label.push(char);
    }
    let label = label.trim().to_owned();
    if !is_label_name(&label) {
        return Err(format!("{label:?} is no name of a label"));
    }
    let equal = chars.next_if_eq(&'!').is_none();
    let quote = chars.next_if_eq(&'=').and_then(|_| {
        skip_spaces(chars);
        chars.next_if(|char| matches!(char, '\'' | '"'))
    });
    let quote = quote.ok_or_else(|| format!("label {label}: = or != and a value in quotes"))?;
    let mut value = String::new();
    loop {
        value.push(match chars.next() {
            Some('\\') => match chars.next() {
                Some('n') => '\n',
                Some(char) => char,
                None => return Err(format!("the value of {label} does not end")),
            },
            Some(char) if char == quote => return Ok(Matcher { label, value, equal }),
            Some(char) => char,
            None => return Err(format!("the value of {label} does not end")),
        });
    }
}

fn skip_spaces(chars: &mut Peekable<Chars<'_>>) {
    while chars.next_if(|char| char.is_whitespace()).is_some() {}
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn selectors_are_read() {
        let read = Selector::parse(r#" a_total { b = 'x"}' , c!="y\"\\n" , } "#).unwrap();
        let [b, c] = &read.labels[..] else { panic!("{read:?}") };
        assert_eq!((read.name.as_str(), b.value.as_str(), b.equal), ("a_total", "x\"}", true));
        assert_eq!((c.label.as_str(), c.value.as_str(), c.equal), ("c", "y\"\\n", false));
        assert_eq!(Selector::parse("a{}").unwrap().labels, []);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, fault) in [
            ("", "\"\" is no name of a metric"),
            ("a b", "\"a b\" is no name of a metric"),
            ("a{b='x'", "the brace is not closed"),
            ("a{b='x}", "the value of b does not end"),
            ("a{b=x}", "label b: = or != and a value in quotes"),
            ("a{b~'x'}", "\"b~'x'\" is no name of a label"),
            ("a{b='x' c='y'}", "'c' where a comma was expected"),
        ] {
            assert_eq!(Selector::parse(text).unwrap_err(), fault, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[a{}='\"\\\\,! \\n]{0,20}") {
            let _ = Selector::parse(&text);
        }

        #[test]
        fn any_value_is_read_back(value in any::<String>()) {
            let escaped = value.replace('\\', "\\\\").replace('\'', "\\'");
            let read = Selector::parse(&format!("a{{b='{escaped}'}}")).unwrap();
            prop_assert_eq!(&read.labels[0].value, &value);
        }
    }
}
