//! `histogram_quantile`, for when no Prometheus is there to compute it.

use std::collections::BTreeMap;

use super::{super::series::Series, Sample};

/// What Prometheus answers to `histogram_quantile(q, sum by (le, method, route) (buckets))`.
pub(super) fn quantiles(q: f64, buckets: &[Sample]) -> Vec<Sample> {
    let mut by_route: BTreeMap<_, Vec<(f64, f64)>> = BTreeMap::new();
    let cancelled = Series::CANCELLED.to_string();
    for sample in buckets.iter().filter(|sample| sample.label("status_code") != cancelled) {
        let Ok(bound) = sample.label("le").parse::<f64>() else {
            continue;
        };
        let bounds = by_route.entry(sample.route()).or_default();
        match bounds.iter_mut().find(|(known, _)| *known == bound) {
            Some((_, count)) => *count += sample.value,
            None => bounds.push((bound, sample.value)),
        }
    }
    by_route
        .into_iter()
        .map(|(route, mut bounds)| {
            bounds.sort_by(|(a, _), (b, _)| a.total_cmp(b));
            let labels =
                BTreeMap::from([("method".into(), route.method), ("route".into(), route.pattern)]);
            Sample { name: String::new(), labels, value: quantile(q, &bounds), exemplar: None }
        })
        .collect()
}

/// `bounds`: upper bound and cumulative count, ascending, the last one infinite.
fn quantile(q: f64, bounds: &[(f64, f64)]) -> f64 {
    let Some(&(_, total)) = bounds.last() else {
        return f64::NAN;
    };
    if total == 0.0 {
        return f64::NAN;
    }
    let rank = q * total;
    let (mut lower, mut below) = (0.0, 0.0);
    for &(upper, count) in bounds {
        if count >= rank && count > below {
            // Nothing is known above the highest finite bound.
            return if upper.is_infinite() {
                lower
            } else {
                lower + (upper - lower) * (rank - below) / (count - below)
            };
        }
        (lower, below) = (upper, count);
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: [(f64, f64); 4] = [(0.1, 10.0), (0.2, 20.0), (0.5, 20.0), (f64::INFINITY, 21.0)];

    #[test]
    fn interpolates_inside_the_bucket() {
        let close = |q: f64, expected: f64| {
            let got = quantile(q, &BOUNDS);
            assert!((got - expected).abs() < 1e-9, "q={q}: {got}");
        };
        close(10.0 / 21.0, 0.1);
        close(15.0 / 21.0, 0.15);
        close(20.0 / 21.0, 0.2);
        close(0.99, 0.5);
    }

    #[test]
    fn nothing_observed_is_not_a_number() {
        assert!(quantile(0.5, &[]).is_nan());
        assert!(quantile(0.5, &[(0.1, 0.0), (f64::INFINITY, 0.0)]).is_nan());
    }
}
