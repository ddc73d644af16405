//! The choices as a table.

use comfy_table::{CellAlignment, Table, presets::ASCII_MARKDOWN};

use super::Row;

/// The first row is what the others are compared with.
pub(super) fn render(rows: &[Row]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(["features", "crates", "more", "tests"]);
    for column in table.column_iter_mut().skip(1).take(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let least = rows.first().map_or(0, |row| row.crates);
    for Row { name, crates, tests } in rows {
        let result = match tests.failed {
            0 => format!("{} passed", tests.passed),
            failed => format!("{} passed, {failed} failed", tests.passed),
        };
        table.add_row([
            name.clone(),
            crates.to_string(),
            format!("+{}", crates.saturating_sub(least)),
            result,
        ]);
    }
    table
}
