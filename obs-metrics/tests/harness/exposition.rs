//! A strict reader of both text formats, written from their specifications and not from our writer.

use std::collections::{BTreeMap, BTreeSet};

use obs_metrics::Format;

/// A series: its name and labels.
pub(crate) type Series = (String, BTreeMap<String, String>);

#[derive(Debug, Default)]
pub(crate) struct Exposition {
    pub(crate) help: BTreeMap<String, String>,
    pub(crate) kind: BTreeMap<String, String>,
    pub(crate) unit: BTreeMap<String, String>,
    pub(crate) samples: BTreeMap<Series, f64>,
    pub(crate) exemplars: BTreeMap<Series, Exemplar>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exemplar {
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) value: f64,
    pub(crate) at: f64,
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
            } else if let Some(rest) = line.strip_prefix("# UNIT ") {
                let (name, unit) = rest.split_once(' ').expect(line);
                assert_eq!((name, format), (&*family, Format::OpenMetrics), "{line}");
                assert!(
                    name.len() > unit.len() + 1 && name.ends_with(&format!("_{unit}")),
                    "{line}"
                );
                let fresh = all.unit.insert(name.to_owned(), unit.to_owned()).is_none();
                assert!(fresh, "unit twice: {line}");
            } else {
                let (series, value, exemplar) = sample(line, format);
                let kind = all.kind[&family].as_str();
                assert!(belongs(&series, &family, kind, format), "{line}");
                if let Some(exemplar) = exemplar {
                    let name = series.0.as_str();
                    assert!(name.ends_with("_bucket") || kind == "counter", "{line}");
                    assert!(!name.ends_with("_created"), "{line}");
                    all.exemplars.insert(series.clone(), exemplar);
                }
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
    pub(crate) fn check_no_clash(&self) {
        let mut names = BTreeSet::new();
        for (name, kind) in &self.kind {
            let suffixes: &[&str] = match kind.as_str() {
                "histogram" => &["", "_bucket", "_sum", "_count", "_created"],
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
    let open_metrics = format == Format::OpenMetrics;
    match kind {
        "histogram" => match suffix {
            Some("_bucket") => labels.contains_key("le"),
            Some("_sum" | "_count") => !labels.contains_key("le"),
            Some("_created") => open_metrics && !labels.contains_key("le"),
            _ => false,
        },
        "counter" if open_metrics => matches!(suffix, Some("_total" | "_created")),
        _ => suffix == Some(""),
    }
}

/// `name{label="value",…} number`, nothing before, between or after but OpenMetrics' exemplar.
fn sample(line: &str, format: Format) -> (Series, f64, Option<Exemplar>) {
    let end = line.find(['{', ' ']).expect(line);
    let (name, mut rest) = line.split_at(end);
    assert!(is_name(name, true), "{line}");
    let mut own = BTreeMap::new();
    if rest.starts_with('{') {
        (own, rest) = labels(rest, line);
        assert!(!own.is_empty(), "{line}");
    }
    let value = rest.strip_prefix(' ').expect(line);
    let (value, exemplar) = match value.split_once(" # ") {
        Some((value, exemplar)) => (value, Some(exemplar)),
        None => (value, None),
    };
    let exemplar = exemplar.map(|text| {
        assert_eq!(format, Format::OpenMetrics, "{line}");
        let (labels, rest) = labels(text, line);
        let size: usize = labels.iter().map(|(n, v)| n.len() + v.chars().count()).sum();
        assert!(size <= 128, "{line}");
        let rest = rest.strip_prefix(' ').expect(line);
        let (value, at) = rest.split_once(' ').unwrap_or((rest, "0"));
        Exemplar { labels, value: number(value, line), at: number(at, line) }
    });
    ((name.to_owned(), own), number(value, line), exemplar)
}

fn number(text: &str, line: &str) -> f64 {
    assert!(!text.contains(char::is_whitespace), "{line}");
    text.parse().expect(line)
}

/// What is between `{` and `}`, and what follows.
fn labels<'a>(text: &'a str, line: &str) -> (BTreeMap<String, String>, &'a str) {
    let mut labels = BTreeMap::new();
    let mut rest = text.strip_prefix('{').expect(line);
    while !rest.starts_with('}') {
        let (label, after) = rest.split_once("=\"").expect(line);
        assert!(is_name(label, false) && !label.starts_with("__"), "{line}");
        let end = end_of_value(after).expect(line);
        let value = unescape(&after[..end], true).expect(line);
        let fresh = labels.insert(label.to_owned(), value).is_none();
        assert!(fresh, "label twice: {line}");
        rest = &after[end + 1..];
        match rest.strip_prefix(',') {
            Some(next) => {
                assert!(!next.starts_with('}'), "{line}");
                rest = next;
            }
            None => assert!(rest.starts_with('}'), "{line}"),
        }
    }
    (labels, &rest[1..])
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
