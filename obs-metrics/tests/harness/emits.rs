//! The tables "Emits" of the crate's documentation, and the macros that they name.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests, outside of #[test]; each test file uses some of it"
)]

use std::collections::BTreeSet;

/// A family as the documentation has it.
#[derive(Debug)]
pub(crate) struct Emitted {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    /// In their order.
    pub(crate) labels: Vec<Label>,
    pub(crate) macros: Vec<&'static str>,
}

#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) name: &'static str,
    /// All that it has, if the table says so.
    pub(crate) values: Vec<&'static str>,
    /// Only a service that asks for it has it.
    pub(crate) on_request: bool,
}

impl Emitted {
    pub(crate) fn is_of_macros(&self) -> bool {
        !self.macros.is_empty()
    }
}

fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("../../src/lib.rs")
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
}

pub(crate) fn from_the_start() -> Vec<Emitted> {
    table("| metric | type | unit | labels |")
}

pub(crate) fn from_the_first_use() -> Vec<Emitted> {
    table("| metric | type | unit | labels | fed by |")
}

/// Every row of both tables.
pub(crate) fn tables() -> Vec<Emitted> {
    from_the_start().into_iter().chain(from_the_first_use()).collect()
}

fn table(head: &str) -> Vec<Emitted> {
    let rows = lines().skip_while(|line| *line != head).skip(2);
    let mut all: Vec<Emitted> = Vec::new();
    for row in rows.take_while(|line| line.starts_with('|')) {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [names, kind, _unit, labels, ref fed_by @ ..] = cells[..] else { panic!("{row}") };
        let labels = match labels {
            "the same" => all.last().unwrap().labels.clone(),
            told => self::labels(told),
        };
        let macros = fed_by.iter().flat_map(|cell| quoted(cell));
        let macros: Vec<_> = macros.filter_map(|name| name.strip_suffix('!')).collect();
        all.extend(quoted(names).map(|name| Emitted {
            name,
            kind: kind.split(',').next().unwrap_or_default(),
            labels: labels.clone(),
            macros: macros.clone(),
        }));
    }
    assert!(!all.is_empty(), "no {head}");
    all
}

/// "`one`, `two` = `its value`, `another`"; "`one`, on request `two`"; "`one`: which ones".
fn labels(cell: &'static str) -> Vec<Label> {
    let (names, values) = cell.split_once(" = ").unwrap_or((cell, ""));
    let (usual, on_request) = names.split_once("on request ").unwrap_or((names, ""));
    let label = |on_request| move |name| Label { name, values: Vec::new(), on_request };
    let mut labels: Vec<_> = quoted(usual).map(label(false)).collect();
    labels.extend(quoted(on_request).map(label(true)));
    if let Some(last) = labels.last_mut() {
        last.values = quoted(values).collect();
    }
    labels
}

fn quoted(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split('`').skip(1).step_by(2)
}

/// What the text below the tables says is only there if somebody asks for it.
pub(crate) fn on_request() -> Vec<&'static str> {
    let begin = "Only if asked";
    let text = lines().skip_while(|line| !line.contains(begin)).take_while(|line| !line.is_empty());
    let names = text.filter_map(|line| line.split(begin).last()).flat_map(quoted);
    // The rest are items of the crate.
    names.filter(|name| !name.contains(char::is_uppercase)).collect()
}

/// Every macro that the tables name.
pub(crate) fn macros() -> BTreeSet<&'static str> {
    tables().into_iter().flat_map(|family| family.macros).collect()
}
