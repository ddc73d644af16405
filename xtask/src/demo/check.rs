//! Compares what the clients sent with what the service counted.

use std::collections::BTreeSet;

use super::{
    seen::Seen,
    series::{Counts, Series},
    text::grouped,
    traffic::Tally,
};

/// The series that the two sides count differently, a line each.
pub(super) fn differences(driven: &Counts, counted: &Counts) -> Vec<String> {
    let all: BTreeSet<&Series> =
        driven.iter().chain(counted.iter()).map(|(series, _)| series).collect();
    all.into_iter()
        .filter(|series| driven.of(series) != counted.of(series))
        .map(|series| {
            let Series { route, status } = series;
            let (driven, counted) = (grouped(driven.of(series)), grouped(counted.of(series)));
            format!(
                "  {} {} {status}: driven {driven}, counted {counted}",
                route.method, route.pattern
            )
        })
        .collect()
}

/// The answers that clients left before their end, if the service counted another number.
pub(super) fn aborted_difference(tally: &Tally, seen: &Seen) -> Option<String> {
    let left = tally.left_in_body + tally.streams_closed;
    let counted = seen.aborted_as("cancelled_in_body");
    let (left_text, counted_text) = (grouped(left), grouped(counted));
    (left != counted)
        .then(|| format!("  answers cut short: driven {left_text}, counted {counted_text}"))
}

#[cfg(test)]
mod tests {
    use super::{super::series::Route, *};

    fn counts(entries: &[(u16, u64)]) -> Counts {
        let mut counts = Counts::default();
        for &(status, count) in entries {
            counts.add(Series { route: Route::new("GET", "/a"), status }, count);
        }
        counts
    }

    #[test]
    fn the_same_numbers_do_not_differ() {
        assert!(
            differences(&counts(&[(200, 3), (404, 1)]), &counts(&[(404, 1), (200, 3), (500, 0)]))
                .is_empty()
        );
    }

    #[test]
    fn answers_cut_short_are_exports_and_streams() {
        let tally = Tally { left_in_body: 2, streams_closed: 3, ..Tally::default() };
        let seen = |count| Seen {
            aborted: [("cancelled_in_body".to_owned(), count)].into(),
            ..Seen::default()
        };
        assert_eq!(aborted_difference(&tally, &seen(5)), None);
        let difference = aborted_difference(&tally, &seen(4));
        assert_eq!(difference.as_deref(), Some("  answers cut short: driven 5, counted 4"));
    }

    #[test]
    fn a_request_under_another_status_is_two_differences() {
        let found = differences(&counts(&[(200, 3), (499, 1)]), &counts(&[(200, 4)]));
        assert_eq!(
            found,
            ["  GET /a 200: driven 3, counted 4", "  GET /a 499: driven 1, counted 0"]
        );
    }
}
