//! What the presets of other crates' names show. That a Prometheus sees the same of both is for
//! `cargo xtask full compat` to say.

mod harness;

use std::sync::Arc;

use harness::Traffic;
use obs_core::ServiceIdentity;
use obs_metrics::{Format, Metrics, MetricsSettings, Naming, Preset};

/// An exposition after one request.
fn shown(naming: Naming, format: Format) -> String {
    let mut settings = MetricsSettings::default();
    settings.naming = naming;
    let metrics = Metrics::new(&settings, &ServiceIdentity::default());
    Traffic::new(metrics.http()).get(&Arc::from("/orders/{id}"));
    metrics.render(format)
}

#[track_caller]
fn assert_shows(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|shown| shown.starts_with(line)), "{line} in\n{text}");
    }
}

#[test]
fn axum_prometheus_by_its_own_prefix_or_another() {
    let text = shown(Naming::preset(Preset::AxumPrometheus), Format::Text);
    assert_shows(
        &text,
        &[
            "# HELP axum_http_requests_total The number of times a HTTP request was processed.",
            r#"axum_http_requests_total{method="GET",endpoint="/orders/{id}",status="200"} 1"#,
            "# HELP axum_http_requests_duration_seconds The distribution of HTTP response times.",
            r#"axum_http_requests_duration_seconds_count{method="GET",endpoint="/orders/{id}",status="200"} 1"#,
            "# HELP axum_http_requests_pending The number of currently in-flight requests.",
            "axum_http_requests_pending 0",
            "http_errors_total",
        ],
    );
    let text = shown(Naming::preset(Preset::AxumPrometheus).namespace("shop"), Format::Text);
    assert_shows(
        &text,
        &[
            "shop_http_requests_total{",
            "shop_http_requests_duration_seconds_sum{",
            "shop_http_requests_pending ",
        ],
    );
}

#[test]
fn actix_web_prom_with_and_without_a_namespace() {
    for (namespace, prefix) in [("", ""), ("api", "api_")] {
        let naming = Naming::preset(Preset::ActixWebProm).namespace(namespace);
        let lines = [
            "# HELP {}http_requests_total Total number of HTTP requests",
            "{}http_requests_total{method=\"GET\",endpoint=\"/orders/{id}\",status=\"200\"} 1",
            "# HELP {}http_requests_duration_seconds HTTP request duration in seconds for all requests",
            "{}http_requests_duration_seconds_count{",
        ]
        .map(|line| line.replacen("{}", prefix, 1));
        assert_shows(&shown(naming, Format::Text), &lines.each_ref().map(|line| line.as_str()));
    }
}

/// Both crates write text, and Prometheus asks ours for OpenMetrics.
#[test]
fn a_whole_bound_is_written_as_they_do_in_both_formats() {
    for format in [Format::Text, Format::OpenMetrics] {
        for (naming, one) in [
            (Naming::preset(Preset::AxumPrometheus), "1"),
            (Naming::preset(Preset::ActixWebProm), "1"),
            (Naming::default(), "1.0"),
            (Naming::default().short_bounds(true), "1"),
        ] {
            let text = shown(naming, format);
            for bound in [one, "0.005", "+Inf"] {
                assert!(text.contains(&format!("le=\"{bound}\"")), "{bound} in\n{text}");
            }
            let other = if one == "1" { "le=\"1.0\"" } else { "le=\"1\"" };
            assert!(!text.contains(other));
        }
    }
}
