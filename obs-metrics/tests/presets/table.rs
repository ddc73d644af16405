//! The tables beside this file; `README.md` says what they mean.

use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) kind: String,
    /// In their order.
    pub(crate) labels: Vec<Label>,
    pub(crate) buckets: Vec<Bucket>,
    pub(crate) start: Start,
    pub(crate) help: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) name: String,
    /// Shown before their first use.
    pub(crate) known: Vec<String>,
    /// All that the macros can say.
    pub(crate) typed: Vec<String>,
    /// Only some series have it.
    pub(crate) optional: bool,
    /// Only a service that asks for it has it.
    pub(crate) on_request: bool,
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
    Always,
    Source,
    OtherCrate,
}

impl Start {
    pub(crate) fn is_at_start(self) -> bool {
        matches!(self, Self::Zeros | Self::Head | Self::Always)
    }

    pub(crate) fn is_in_catalog(self) -> bool {
        !matches!(self, Self::Always | Self::Source | Self::OtherCrate)
    }
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
        buckets: list(buckets).map(bucket).collect(),
        start: match start {
            "0" => Start::Zeros,
            "head" => Start::Head,
            "use" => Start::FirstUse,
            "request" => Start::OnRequest,
            "always" => Start::Always,
            "source" => Start::Source,
            "crate" => Start::OtherCrate,
            other => panic!("{other:?} in {line}"),
        },
        help: help.to_owned(),
    }
}

fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(", ").filter(|item| *item != "–")
}

fn label(text: &str) -> Label {
    let values = |separator| {
        let values = text.split_once(separator).map_or("", |(_, values)| values).split('/');
        values.filter(|value| !value.is_empty()).map(str::to_owned).collect()
    };
    let name = text.split(['=', ':']).next().unwrap();
    Label {
        name: name.trim_matches(['?', '(', ')']).to_owned(),
        known: values("="),
        typed: values(": "),
        optional: name.ends_with('?'),
        on_request: name.starts_with('('),
    }
}

fn bucket(text: &str) -> Bucket {
    let bound = text.trim_matches('*');
    Bucket { bound: bound.parse().expect(text), added: bound != text }
}

impl Row {
    pub(crate) fn label(&self, name: &str) -> Option<&Label> {
        self.labels.iter().find(|label| label.name == name)
    }

    pub(crate) fn bounds(&self, strict: bool) -> Vec<f64> {
        let shown = self.buckets.iter().filter(|bucket| !(strict && bucket.added));
        shown.map(|bucket| bucket.bound).collect()
    }

    /// What a service has that asks for nothing.
    pub(crate) fn usual(&self) -> Option<Self> {
        let mut usual = self.clone();
        usual.labels.retain(|label| !label.on_request);
        (self.start != Start::OnRequest).then_some(usual)
    }

    /// Every combination of known values.
    pub(crate) fn known(&self) -> Vec<BTreeMap<String, String>> {
        let mut all = vec![BTreeMap::new()];
        for label in &self.labels {
            let with = |known: &BTreeMap<String, String>, value: &String| {
                let mut known = known.clone();
                known.insert(label.name.clone(), value.clone());
                known
            };
            all = all.iter().flat_map(|k| label.known.iter().map(move |v| with(k, v))).collect();
        }
        all
    }
}
