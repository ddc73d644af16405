use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter, Write as _};

use super::Readings;
use super::readings::Series;
use super::selector::Selector;

/// How much is shown.
const LINES: usize = 20;

/// What an assert says: the value, and what is nearby.
pub(super) fn message(
    all: &Readings,
    selector: &str,
    of: &Selector,
    value: Option<f64>,
    expected: f64,
) -> String {
    let mut message = match value {
        Some(value) => format!("{selector} is {value}, not {expected}"),
        None => format!("no series {selector}; expected {expected}"),
    };
    let family = Selector { name: of.name.clone(), labels: Vec::new() };
    let there: Vec<_> = all.matching(&family).map(ToString::to_string).collect();
    if there.is_empty() {
        list(&mut message, "the names that are most like it", near(all, &of.name));
    } else {
        list(&mut message, "there is", there);
    }
    message
}

fn list(message: &mut String, title: &str, lines: Vec<String>) {
    let _ = write!(message, "\n  {title}:");
    for line in lines.iter().take(LINES) {
        let _ = write!(message, "\n    {line}");
    }
    if lines.len() > LINES {
        let _ = write!(message, "\n    and {} more", lines.len() - LINES);
    }
}

/// Up to 5 names of series.
fn near(all: &Readings, name: &str) -> Vec<String> {
    let names: BTreeSet<_> = all.series.iter().map(|series| series.name.as_str()).collect();
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_by_key(|there| distance(name, there));
    names.into_iter().take(5).map(str::to_owned).collect()
}

/// How many letters differ, by Levenshtein.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, a) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (at, b) in b.bytes().enumerate() {
            let change = diagonal + usize::from(a != b);
            diagonal = row[at + 1];
            row[at + 1] = change.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[b.len()]
}

impl Display for Series {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        for (at, (name, value)) in self.labels.iter().enumerate() {
            write!(f, "{}{name}={value:?}", if at == 0 { "{" } else { "," })?;
        }
        write!(f, "{} {}", if self.labels.is_empty() { "" } else { "}" }, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, letters) in [("", "abc", 3), ("abc", "abc", 0), ("kitten", "sitting", 3)] {
            assert_eq!(distance(a, b), letters);
        }
    }
}
