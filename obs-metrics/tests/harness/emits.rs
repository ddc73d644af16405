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

const FROM_THE_START: &str = "| metric | type | unit | labels |";
const FROM_THE_FIRST_USE: &str = "| metric | type | unit | labels | fed by |";

fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("../../src/lib.rs")
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
}

/// Every row of both tables.
pub(crate) fn tables() -> Vec<Emitted> {
    [FROM_THE_START, FROM_THE_FIRST_USE].into_iter().flat_map(table).collect()
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

/// What the text below the tables names as there on request.
pub(crate) fn on_request() -> Vec<&'static str> {
    let text =
        lines().skip_while(|line| !line.contains("Only if asked")).take_while(|l| !l.is_empty());
    // Behind the example of a name with a currency.
    let names = text.flat_map(quoted).filter(|name| *name != "order_value_eur");
    names.collect()
}

/// Every macro that the tables name.
pub(crate) fn macros() -> BTreeSet<&'static str> {
    tables().into_iter().flat_map(|family| family.macros).collect()
}
