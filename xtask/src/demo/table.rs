//! The requests by route, busiest first.

use std::{collections::BTreeMap, time::Duration};

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::{
    seen::Seen,
    series::{Route, Series},
    text::{grouped, millis},
};

const HEADER: [&str; 10] = [
    "method",
    "route",
    "requests",
    "req/s",
    "5xx %",
    "4xx",
    "cancelled",
    "p50 ms",
    "p95 ms",
    "p99 ms",
];

const RULE: LineStyle = LineStyle::none().fill('─').junction('─');
/// Narrow enough for a hundred columns.
const STYLE: TableStyle =
    TableStyle::new().top_border(RULE).header_separator(RULE).bottom_border(RULE);

/// One route's numbers.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Row {
    requests: u64,
    server_errors: u64,
    client_errors: u64,
    cancelled: u64,
    percentiles: [Option<f64>; 3],
}

impl Row {
    fn cells(&self, route: &Route, took: Duration) -> [String; 10] {
        let requests = self.requests as f64;
        let [p50, p95, p99] = self.percentiles.map(millis);
        [
            route.method.clone(),
            route.pattern.clone(),
            grouped(self.requests),
            format!("{:.1}", requests / took.as_secs_f64().max(0.001)),
            format!("{:.1}", 100.0 * self.server_errors as f64 / requests.max(1.0)),
            grouped(self.client_errors),
            grouped(self.cancelled),
            p50,
            p95,
            p99,
        ]
    }
}

pub(super) fn rows(seen: &Seen) -> Vec<(Route, Row)> {
    let mut rows: BTreeMap<Route, Row> = BTreeMap::new();
    for (series, count) in seen.counts.iter() {
        let row = rows.entry(series.route.clone()).or_default();
        row.requests += count;
        match series.status {
            Series::CANCELLED => row.cancelled += count,
            400..500 => row.client_errors += count,
            500..600 => row.server_errors += count,
            _ => {}
        }
    }
    for (route, row) in &mut rows {
        row.percentiles = seen.percentiles.get(route).copied().unwrap_or_default();
    }
    let mut rows: Vec<_> = rows.into_iter().filter(|(_, row)| row.requests > 0).collect();
    rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.requests));
    rows
}

/// The table as text, with colour where it is wanted.
pub(super) fn render(rows: &[(Route, Row)], took: Duration) -> String {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(HEADER);
    for (route, row) in rows {
        table.add_row(row.cells(route, took));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 1));
        if index >= 2 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    // A line for each row after border, header and rule: so the whole line can be coloured.
    let colour = |(index, line): (usize, String)| match index
        .checked_sub(3)
        .and_then(|index| rows.get(index))
    {
        Some((_, row)) if row.server_errors > 0 => console::style(line).red().to_string(),
        Some((_, row)) if row.client_errors + row.cancelled > 0 => {
            console::style(line).yellow().to_string()
        }
        _ => line,
    };
    table.lines().enumerate().map(colour).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> Seen {
        let mut seen = Seen::default();
        let mut add = |pattern, status, count| {
            seen.counts.add(Series { route: Route::new("GET", pattern), status }, count);
        };
        add("/slow", 200, 6);
        add("/slow", 499, 2);
        add("/slow", 500, 2);
        add("/slow", 404, 10);
        add("/events", 200, 30);
        add("/never", 200, 0);
        seen.percentiles.insert(Route::new("GET", "/slow"), [Some(0.0047), Some(0.25), Some(1.0)]);
        seen
    }

    #[test]
    fn a_route_is_a_row_and_the_busiest_is_first() {
        let rows = rows(&seen());
        assert_eq!(
            rows.iter().map(|(route, _)| route.pattern.as_str()).collect::<Vec<_>>(),
            ["/events", "/slow"]
        );
        let cells = rows[1].1.cells(&rows[1].0, Duration::from_secs(10));
        assert_eq!(cells, ["GET", "/slow", "20", "2.0", "10.0", "10", "2", "4.7", "250", "1000"]);
    }

    #[test]
    fn streams_are_counted_but_not_timed() {
        let rows = rows(&seen());
        let cells = rows[0].1.cells(&rows[0].0, Duration::from_secs(10));
        assert_eq!(cells[7..], ["–", "–", "–"]);
    }

    #[test]
    fn the_table_has_a_line_for_each_row() {
        let rows = rows(&seen());
        assert_eq!(render(&rows, Duration::from_secs(10)).lines().count(), 3 + rows.len() + 1);
    }
}
