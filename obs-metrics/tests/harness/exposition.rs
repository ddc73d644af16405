//! A strict reader of both text formats, written from their specifications and not from our writer.

use std::collections::{BTreeMap, BTreeSet};

use obs_metrics::Format;

/// A series: its name and labels.
pub(crate) type Series = (String, BTreeMap<String, String>);

#[derive(Debug, Default)]
pub(crate) struct Exposition {
    pub(crate) help: BTreeMap<String, String>,
    pub(crate) kind: BTreeMap<String, String>,
    pub(crate) samples: BTreeMap<Series, f64>,
}

impl Exposition {
    /// Panics with the line that breaks the format.
    pub(crate) fn parse(text: &str, format: Format) -> Self {
        let mut all = Self::default();
        let mut family = String::new();
        let body = match format {
            Format::OpenMetrics => text.strip_suffix("# EOF\n").expect("no # EOF"),
            _ => text,
        };
        assert!(body.is_empty() || body.ends_with('\n'), "no final newline");
        for line in body.split_terminator('\n') {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').expect(line);
                let quotes = format == Format::OpenMetrics;
                let help = unescape(help, quotes).expect(line);
                let fresh = all.help.insert(name.to_owned(), help).is_none();
                assert!(fresh, "family twice: {line}");
                name.clone_into(&mut family);
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').expect(line);
                assert_eq!(name, family, "TYPE not after its HELP: {line}");
                assert!(matches!(kind, "counter" | "gauge" | "histogram"), "{line}");
                let fresh = all.kind.insert(name.to_owned(), kind.to_owned()).is_none();
                assert!(fresh, "type twice: {line}");
            } else {
                let (series, value) = sample(line);
                let kind = all.kind[&family].as_str();
                assert!(belongs(&series, &family, kind, format), "{line}");
                let fresh = all.samples.insert(series, value).is_none();
                assert!(fresh, "series twice: {line}");
            }
        }
        all.check_no_clash();
        all
    }

    /// The value of a series; panics if there is none.
    pub(crate) fn value(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.get(name, labels).unwrap_or_else(|| panic!("no {name} {labels:?}"))
    }

    pub(crate) fn get(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.samples.get(&(name.to_owned(), labels.collect())).copied()
    }

    /// All series of one name.
    pub(crate) fn of<'a>(
        &'a self,
        name: &'a str,
    ) -> impl Iterator<Item = (&'a BTreeMap<String, String>, f64)> {
        let found = self.samples.iter().filter(move |((of, _), _)| of == name);
        found.map(|((_, labels), value)| (labels, *value))
    }

    pub(crate) fn sum(&self, name: &str) -> f64 {
        self.of(name).map(|(_, value)| value).sum()
    }

    /// A histogram's own series must not be another family's.
    fn check_no_clash(&self) {
        let mut names = BTreeSet::new();
        for (name, kind) in &self.kind {
            let suffixes: &[&str] = match kind.as_str() {
                "histogram" => &["", "_bucket", "_sum", "_count"],
                _ => &[""],
            };
            for suffix in suffixes {
                assert!(names.insert(format!("{name}{suffix}")), "{name}{suffix}");
            }
        }
    }
}

fn belongs((name, labels): &Series, family: &str, kind: &str, format: Format) -> bool {
    let suffix = name.strip_prefix(family);
    match kind {
        "histogram" => match suffix {
            Some("_bucket") => labels.contains_key("le"),
            Some("_sum" | "_count") => !labels.contains_key("le"),
            _ => false,
        },
        "counter" if format == Format::OpenMetrics => suffix == Some("_total"),
        _ => suffix == Some(""),
    }
}

/// `name{label="value",…} number`, nothing before, between or after.
fn sample(line: &str) -> (Series, f64) {
    let end = line.find(['{', ' ']).expect(line);
    let (name, mut rest) = line.split_at(end);
    assert!(is_name(name, true), "{line}");
    let mut labels = BTreeMap::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        loop {
            let (label, after) = rest.split_once("=\"").expect(line);
            assert!(is_name(label, false) && !label.starts_with("__"), "{line}");
            let end = end_of_value(after).expect(line);
            let value = unescape(&after[..end], true).expect(line);
            let fresh = labels.insert(label.to_owned(), value).is_none();
            assert!(fresh, "label twice: {line}");
            rest = &after[end + 1..];
            match rest.strip_prefix(',') {
                Some(next) => rest = next,
                None => break,
            }
        }
        rest = rest.strip_prefix('}').expect(line);
    }
    let value = rest.strip_prefix(' ').expect(line);
    assert!(!value.contains(char::is_whitespace), "{line}");
    ((name.to_owned(), labels), value.parse().expect(line))
}

fn is_name(text: &str, colon: bool) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || (colon && c == ':');
    text.starts_with(letter) && text.chars().all(|c| letter(c) || c.is_ascii_digit())
}

/// Where the first quotation mark is that no backslash escapes.
fn end_of_value(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        end
    })
}

/// `None` for an escape that the format does not know, and for a bare quotation mark.
fn unescape(text: &str, quotes: bool) -> Option<String> {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        plain.push(match char {
            '\\' => match chars.next()? {
                '\\' => '\\',
                'n' => '\n',
                '"' if quotes => '"',
                _ => return None,
            },
            '"' if quotes => return None,
            other => other,
        });
    }
    Some(plain)
}
