//! The figures as tables in Markdown.

use comfy_table::{CellAlignment, Table, presets::ASCII_MARKDOWN};

use super::OURS;
use super::figures::{Figures, Scaling};

/// A row per operation; a peer's figure with how many times ours it is.
pub(super) fn costs(figures: &Figures<f64>) -> Table {
    table(figures, |operation, library, cost| match figures.get(OURS, operation) {
        Some(ours) if library != OURS => format!("{} ({:.1}x)", number(cost), cost / ours),
        _ => number(cost),
    })
}

/// A row per operation; of each library what one thread needs, what each of two needs.
pub(super) fn scaling(figures: &Figures<Scaling>) -> Table {
    table(figures, |_, _, scaling| {
        format!("{:.1} -> {:.1} ({:.1}x)", scaling.one, scaling.two, scaling.factor())
    })
}

fn table<T: Copy>(figures: &Figures<T>, cell: impl Fn(&str, &str, T) -> String) -> Table {
    let libraries = figures.libraries();
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header(std::iter::once("operation").chain(libraries.iter().copied()));
    for operation in figures.operations() {
        let cells = libraries.iter().map(|library| {
            let value = figures.get(library, operation);
            value.map_or_else(|| "-".to_owned(), |value| cell(operation, library, value))
        });
        table.add_row(std::iter::once(operation.to_owned()).chain(cells));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn number(value: f64) -> String {
    if value >= 1e6 { format!("{:.2} M", value / 1e6) } else { format!("{value:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_are_compared_with_ours() {
        let text = "obs/inc 10\nobs/encode 1000000\npeer/inc 25\npeer/only 3\n";
        let figures = Figures::parse(text, |words| words.parse().ok()).unwrap();
        let expected = "\
| operation |    obs |      peer |
|-----------|--------|-----------|
| inc       |     10 | 25 (2.5x) |
| encode    | 1.00 M |         - |
| only      |      - |         3 |";
        assert_eq!(costs(&figures).to_string(), expected);
    }
}
