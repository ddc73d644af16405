//! The exemplar of the request's series.

use super::{
    super::seen::Sample,
    end::End,
    request::{FailedRequest, Ids},
};

/// There must be one if there are any at all.
pub(super) fn of(request: &FailedRequest, samples: &[Sample]) -> End {
    let told = request.ids().map(|ids| ids.trace_id);
    let status = request.series.status.to_string();
    let of_series = samples.iter().filter(|sample| {
        sample.route() == request.series.route && sample.label("status_code") == status
    });
    let of_series: Vec<&Sample> = of_series.filter(|sample| sample.exemplar.is_some()).collect();
    let ours = of_series.iter().find(|sample| sample.exemplar == told);
    let found = ours.or(of_series.last()).and_then(|sample| {
        let ids = Ids { trace_id: sample.exemplar.clone()?, span_id: None };
        Some((ids, format!("{} le={}", sample.name, sample.label("le"))))
    });
    let mut end = End::new("exemplar", "/metrics", found);
    if samples.iter().all(|sample| sample.exemplar.is_none()) {
        end.must_be_there = false;
        end.note = "(none exposed yet)".to_owned();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::{
        super::super::{
            seen,
            series::{Route, Series},
        },
        *,
    };

    const TOLD: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn disagreement(text: &str) -> Option<String> {
        let request = FailedRequest {
            series: Series { route: Route::new("POST", "/a"), status: 502 },
            request_id: None,
            trace_response: Some(format!("00-{TOLD}-00f067aa0ba902b7-01")),
        };
        of(&request, &seen::parse(text).unwrap()).disagreement(&request.ids().unwrap())
    }

    fn bucket(route: &str, status: u16, le: &str, trace_id: &str) -> String {
        format!(
            "b{{method=\"POST\",route=\"{route}\",status_code=\"{status}\",le=\"{le}\"}} 1 \
             # {{trace_id=\"{trace_id}\"}} 0.1\n"
        )
    }

    #[test]
    fn the_trace_is_found_in_any_bucket_of_the_series() {
        let ours = bucket("/a", 502, "1.0", TOLD);
        assert_eq!(disagreement(&(bucket("/a", 502, "0.1", "other") + &ours)), None);
        assert_eq!(disagreement(&(ours + &bucket("/a", 502, "2.0", "other"))), None);
    }

    #[test]
    fn no_exemplars_at_all_are_none_missing() {
        assert_eq!(disagreement("b{method=\"POST\",route=\"/a\",status_code=\"502\"} 1\n"), None);
    }

    #[test]
    fn where_others_have_one_it_must_have_one_too() {
        let elsewhere = bucket("/b", 502, "1.0", TOLD) + &bucket("/a", 200, "1.0", TOLD) + "up 1\n";
        assert_eq!(disagreement(&elsewhere).unwrap(), "  exemplar, /metrics: not found");
        let other = disagreement(&bucket("/a", 502, "1.0", "other")).unwrap();
        assert!(other.starts_with("  exemplar, /metrics: trace other"), "{other}");
    }
}
