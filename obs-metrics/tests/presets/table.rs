//! The tables beside this file; `README.md` says what they mean.

use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) kind: String,
    /// With the values that are known.
    pub(crate) labels: BTreeMap<String, Vec<String>>,
    /// Those of them that only some series have.
    pub(crate) optional: BTreeSet<String>,
    pub(crate) buckets: Vec<Bucket>,
    pub(crate) start: Start,
    pub(crate) help: String,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    pub(crate) bound: f64,
    /// The source does not have it.
    pub(crate) added: bool,
}

/// When a family is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    Zeros,
    Head,
    FirstUse,
    OnRequest,
}

pub(crate) fn rows(table: &str) -> Vec<Row> {
    let mut lines = table.lines().filter(|line| line.starts_with('|'));
    let head = "| Metric | Type | Labels | Buckets | Start | Help | Row |";
    assert_eq!(lines.next(), Some(head));
    let rows: Vec<Row> = lines.skip(1).map(row).collect();
    assert!(!rows.is_empty());
    rows
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [name, kind, labels, buckets, start, help, _] = cells[..] else { panic!("{line}") };
    Row {
        name: name.to_owned(),
        kind: kind.to_owned(),
        labels: list(labels).map(label).collect(),
        optional: list(labels).filter_map(|l| l.strip_suffix('?')).map(str::to_owned).collect(),
        buckets: list(buckets).map(bucket).collect(),
        start: match start {
            "0" => Start::Zeros,
            "head" => Start::Head,
            "use" => Start::FirstUse,
            "request" => Start::OnRequest,
            other => panic!("{other:?} in {line}"),
        },
        help: help.to_owned(),
    }
}

fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(", ").filter(|item| *item != "–")
}

fn label(text: &str) -> (String, Vec<String>) {
    let (name, values) = text.split_once('=').unwrap_or((text, ""));
    let values = values.split('/').filter(|value| !value.is_empty()).map(str::to_owned);
    (name.trim_end_matches('?').to_owned(), values.collect())
}

fn bucket(text: &str) -> Bucket {
    let bound = text.trim_matches('*');
    Bucket { bound: bound.parse().expect(text), added: bound != text }
}

impl Row {
    pub(crate) fn bounds(&self, strict: bool) -> Vec<f64> {
        let shown = self.buckets.iter().filter(|bucket| !(strict && bucket.added));
        shown.map(|bucket| bucket.bound).collect()
    }

    /// Every combination of known values.
    pub(crate) fn known(&self) -> Vec<BTreeMap<String, String>> {
        let mut all = vec![BTreeMap::new()];
        for (label, values) in &self.labels {
            let with = |known: &BTreeMap<String, String>, value: &String| {
                let mut known = known.clone();
                known.insert(label.clone(), value.clone());
                known
            };
            all = all.iter().flat_map(|k| values.iter().map(move |v| with(k, v))).collect();
        }
        all
    }
}
