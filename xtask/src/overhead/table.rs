//! The rows as tables.

use std::collections::BTreeMap;

use comfy_table::{CellAlignment, Table, presets::ASCII_MARKDOWN};

use super::measure::{Cost, Row};

/// One table of requests, one of operations and one of bytes, as far as there are such rows.
pub(super) fn render(rows: &[&Row], costs: &BTreeMap<String, Cost>) -> Vec<Table> {
    let of =
        |unit: &str| -> Vec<&Row> { rows.iter().copied().filter(|row| row.unit == unit).collect() };
    let requests = of("request");
    let mut tables = Vec::new();
    if !requests.is_empty() {
        tables.push(of_requests(&requests, costs));
    }
    for (unit, digits) in [("operation", 0), ("byte", 1)] {
        let rows = of(unit);
        if !rows.is_empty() {
            tables.push(of_each(unit, digits, &rows, costs));
        }
    }
    tables
}

/// Every row beside the plain router and beside an empty layer, those of actix beside the plain `App`.
fn of_requests(rows: &[&Row], costs: &BTreeMap<String, Cost>) -> Table {
    let mut table = table(&[
        "row",
        "instructions/request",
        "over bare",
        "over noop-layer",
        "allocations",
        "over noop-layer",
        "produced",
    ]);
    let beyond = |cost: f64, base: &str, of: fn(&Cost) -> f64| {
        costs.get(base).map_or_else(|| "-".to_owned(), |base| format!("{:+.0}", cost - of(base)))
    };
    for row in rows {
        let Some(cost) = costs.get(&row.name) else { continue };
        let (instructions, allocations) = (cost.instructions(), cost.allocations());
        // Over actix a middleware costs nothing by being there.
        let actix = row.name.starts_with("actix-").then_some("actix-bare");
        let (bare, noop) = (actix.unwrap_or("bare"), actix.unwrap_or("noop-layer"));
        table.add_row([
            row.name.clone(),
            format!("{instructions:.0}"),
            beyond(instructions, bare, Cost::instructions),
            beyond(instructions, noop, Cost::instructions),
            format!("{allocations:.0}"),
            beyond(allocations, noop, Cost::allocations),
            cost.produced().to_owned(),
        ]);
    }
    table
}

/// Every row by itself.
fn of_each(unit: &str, digits: usize, rows: &[&Row], costs: &BTreeMap<String, Cost>) -> Table {
    let instructions = format!("instructions/{unit}");
    let mut table = table(&["row", &instructions, "allocations", "produced"]);
    for row in rows {
        let Some(cost) = costs.get(&row.name) else { continue };
        table.add_row([
            row.name.clone(),
            format!("{:.digits$}", cost.instructions()),
            format!("{:.0}", cost.allocations()),
            cost.produced().to_owned(),
        ]);
    }
    table
}

/// The first column and the last are text, numbers are between them.
fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(header.iter().copied());
    for column in table.column_iter_mut().skip(1).take(header.len() - 2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
