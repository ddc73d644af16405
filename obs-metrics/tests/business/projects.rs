use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use obs_metrics::business::Status;
use obs_metrics::{
    calculation_timed, deep_copy_finished, export_finished, project_created, project_submitted,
    report_generated, workflow_executed,
};

use crate::{all, metrics, value};

/// PRIME-46.
#[test]
fn workflows() {
    let metrics = metrics();
    workflow_executed!(handle: metrics, "customs", "completed");
    let customs = [("workflow_name", "customs"), ("status", "completed")];
    assert_eq!(value(&metrics, "workflow_executions_total", &customs), 1.0);
}

/// APEX-20, APEX-21, AHSP-61.
#[test]
fn projects() {
    let metrics = metrics();
    project_created!(handle: metrics);
    project_submitted!(handle: metrics, Status::Failure);
    deep_copy_finished!(handle: metrics, Status::Success);
    assert_eq!(value(&metrics, "projects_created_total", &[]), 1.0);
    for (family, success, failure) in
        [("projects_submitted_total", 0.0, 1.0), ("deep_copies_total", 1.0, 0.0)]
    {
        // A rate of failures has two sides from the first one on.
        assert_eq!(value(&metrics, family, &[("status", "success")]), success);
        assert_eq!(value(&metrics, family, &[("status", "failure")]), failure);
    }
}

#[tokio::test]
async fn a_calculation_is_timed_and_its_value_kept() {
    let metrics = metrics();
    let load = calculation_timed!(handle: metrics, "wind_load", vec![1, 2, 3]);
    assert_eq!(load, [1, 2, 3]);
    let waited = calculation_timed!(handle: metrics, "derive", {
        tokio::time::sleep(Duration::from_millis(20)).await;
        7
    });
    assert_eq!(waited, 7);
    let seconds = value(&metrics, "calc_duration_seconds_sum", &[("kind", "derive")]);
    assert!((0.02..10.0).contains(&seconds), "{seconds}");
    assert_eq!(value(&metrics, "calc_duration_seconds_count", &[("kind", "wind_load")]), 1.0);
}

fn divide(a: u32, b: u32) -> u32 {
    a / b
}

#[test]
fn a_calculation_that_ends_early_is_timed() {
    let metrics = metrics();
    let early = || -> Option<u32> { Some(calculation_timed!(handle: metrics, "early", None?)) };
    assert_eq!(early(), None);
    let panics = catch_unwind(AssertUnwindSafe(
        || calculation_timed!(handle: metrics, "panics", divide(1, 0)),
    ));
    assert!(panics.is_err());
    for kind in ["early", "panics"] {
        assert_eq!(value(&metrics, "calc_duration_seconds_count", &[("kind", kind)]), 1.0);
    }
}

/// APEX-23: 30 s is a bound, and not the last one.
#[test]
fn reports() {
    let metrics = metrics();
    report_generated!(handle: metrics, Duration::from_secs(30));
    report_generated!(handle: metrics, 31.5);
    let family = "report_generation_duration_seconds_bucket";
    assert_eq!(value(&metrics, family, &[("le", "30.0")]), 1.0);
    assert_eq!(value(&metrics, family, &[("le", "60.0")]), 2.0);
}

#[test]
fn exports() {
    let metrics = metrics();
    export_finished!(handle: metrics, "pdf", "success");
    assert_eq!(all(&metrics, "export_duration_seconds_count"), []);
    export_finished!(handle: metrics, "pdf", "success", Duration::from_millis(800));
    let pdf = [("format", "pdf"), ("status", "success")];
    assert_eq!(value(&metrics, "exports_total", &pdf), 2.0);
    assert_eq!(value(&metrics, "export_duration_seconds_sum", &[("format", "pdf")]), 0.8);
}
