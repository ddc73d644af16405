//! Which buckets are in force, and that they can tell what the alerts ask.

use std::time::Duration;

use obs_core::config::Reader;
use obs_metrics::{FamilyNaming, Metrics, MetricsSettings, Naming, Preset};

use crate::{named, with};

fn bounds(metrics: &Metrics, family: &str) -> Vec<f64> {
    let catalog = metrics.catalog();
    catalog.into_iter().find(|found| found.name == family).unwrap().bounds
}

/// M-05, DAIRY-02: a quantile cannot say more than the bounds do.
#[test]
fn thresholds_are_bucket_bounds() {
    let http = "http_request_duration_seconds";
    let db = "db_query_duration_seconds";
    for (preset, family, thresholds) in [
        (Preset::Canonical, http, &[0.2, 0.25, 0.5, 1.0, 2.0][..]),
        (Preset::Canonical, db, &[1.0, 5.0]),
        (Preset::Primepre, "primepre_api_request_duration_seconds", &[0.25, 0.5, 1.0, 2.0]),
        (Preset::Primepre, "primepre_database_query_duration_seconds", &[1.0, 5.0]),
        (Preset::SmartDairy, http, &[0.25, 0.5, 2.0]),
        (Preset::SmartDairy, db, &[1.0]),
        (Preset::Ahsp, http, &[0.5, 1.0, 2.0]),
        (Preset::Inventory, "inventory_request_duration_seconds", &[0.5, 1.0, 2.0]),
        (Preset::Apex, http, &[0.2, 0.25, 0.5]),
        (Preset::Apex, "apex_report_generation_duration_seconds", &[30.0]),
    ] {
        let bounds = bounds(&named(Naming::preset(preset)), family);
        for threshold in thresholds {
            assert!(bounds.contains(threshold), "{preset} {family}: {threshold} in {bounds:?}");
            assert!(bounds.last().unwrap() > threshold, "{preset} {family}: above {threshold}");
        }
    }
}

/// What a service says wins over the preset, and the preset over the default.
#[test]
fn own_buckets_win_over_the_preset() {
    let latencies = |variables: &[(&str, &str)]| {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let mut reader = Reader::from_lookup(lookup);
        let settings = MetricsSettings::read(&mut reader);
        reader.finish().unwrap();
        bounds(&with(&settings), "http_request_duration_seconds")
    };
    let dairy = ("OBS_METRICS_PRESET", "Smart-Dairy");
    let strict = ("OBS_METRICS_STRICT_BUCKETS", "true");
    let own = ("OBS_METRICS_BUCKETS", "0.3,3");
    assert_eq!(latencies(&[]).len(), 16);
    assert_eq!(latencies(&[dairy]), [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0]);
    assert_eq!(latencies(&[dairy, strict]), [0.1, 0.5, 1.0, 2.0, 5.0, 10.0]);
    assert_eq!(latencies(&[dairy, strict, own]), [0.3, 3.0]);
    assert_eq!(latencies(&[own]), [0.3, 3.0]);
}

/// Bounds that no duration has.
#[test]
fn bounds_that_cannot_be_are_the_default() {
    let many = (1..=65).map(f64::from).collect();
    let none = [f64::NAN, f64::INFINITY].map(|bound| vec![bound]);
    let [nan, infinite] = none;
    for bad in [vec![], vec![1.0, 0.5], vec![1.0, 1.0], nan, vec![-1.0, 1.0], infinite, many] {
        let family = FamilyNaming::new().buckets(bad.clone());
        let naming = Naming::default().family("http_request_duration_seconds", family);
        let metrics = named(naming);
        let default = MetricsSettings::default().latency_buckets();
        let default: Vec<f64> = default.iter().map(Duration::as_secs_f64).collect();
        assert_eq!(bounds(&metrics, "http_request_duration_seconds"), default, "{bad:?}");

        let seconds = bad.iter().map(|bound| Duration::try_from_secs_f64(*bound).ok());
        if let Some(bad) = seconds.collect::<Option<Vec<_>>>() {
            let mut settings = MetricsSettings::default();
            settings.buckets = Some(bad.clone());
            assert!(settings.check().is_err(), "{bad:?}");
            let metrics = with(&settings);
            assert_eq!(bounds(&metrics, "http_request_duration_seconds"), default, "{bad:?}");
        }
    }
}
