//! The rows as a table.

use std::collections::BTreeMap;

use comfy_table::{CellAlignment, Table, presets::ASCII_MARKDOWN};

use super::measure::Cost;

/// Every row beside the plain router and beside an empty layer, those of actix beside the plain `App`.
pub(super) fn render(rows: &[&String], costs: &BTreeMap<String, Cost>) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header([
        "row",
        "instructions/request",
        "over bare",
        "over noop-layer",
        "allocations",
        "over noop-layer",
        "produced",
    ]);
    for column in table.column_iter_mut().skip(1).take(5) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let beyond = |cost: f64, base: &str, of: fn(&Cost) -> f64| {
        costs.get(base).map_or_else(|| "-".to_owned(), |base| format!("{:+.0}", cost - of(base)))
    };
    for row in rows {
        let Some(cost) = costs.get(*row) else { continue };
        let (instructions, allocations) = (cost.instructions(), cost.allocations());
        // Over actix a middleware costs nothing by being there.
        let actix = row.starts_with("actix-").then_some("actix-bare");
        let (bare, noop) = (actix.unwrap_or("bare"), actix.unwrap_or("noop-layer"));
        table.add_row([
            (*row).clone(),
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
