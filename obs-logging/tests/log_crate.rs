//! Records of the `log` crate. Its logger is one per process, so it is set once for all tests here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use std::sync::LazyLock;

use obs_logging::{Format, LoggerTaken, Logging, LoggingSettings};
use tracing_subscriber::Layer as _;
use tracing_subscriber::layer::SubscriberExt as _;

use self::common::{Get, Log, SPAN, TRACE};

static INSTALLED: LazyLock<Result<(), LoggerTaken>> =
    LazyLock::new(|| Log::levels("info,sqlx=debug").logging.install_log_crate());

fn log(format: Format) -> Log {
    assert_eq!(*INSTALLED, Ok(()));
    let mut settings = LoggingSettings::default();
    settings.levels = "info,sqlx=debug".parse().unwrap();
    settings.format = format;
    Log::new(settings)
}

#[test]
fn a_record_is_a_line_with_its_own_target_and_level_and_the_ids_of_the_request() {
    let log = log(Format::Json);
    log.run(|| {
        let mut exchange = log.begin(Get::default());
        exchange.in_scope(|| {
            let _span = tracing::info_span!("load", order = 42).entered();
            log::debug!(target: "sqlx::query", "SELECT 1; password=\"hunter2\"");
            log::debug!("not shown, by its own target");
            log::trace!(target: "sqlx::query", "not shown");
        });
    });
    let lines = log.lines();
    let line = &lines[0];
    let keys = [
        "timestamp",
        "level",
        "message",
        "service",
        "environment",
        "target",
        "request_id",
        "trace_id",
        "span_id",
        "order",
    ];
    assert_eq!(line.keys(), keys);
    assert_eq!((line.str("target"), line.str("level")), ("sqlx::query", "DEBUG"));
    assert!(line.str("message").starts_with("SELECT 1;"), "{line:?}");
    assert!(!line.str("message").contains("hunter2"), "{line:?}");
    assert_eq!((line.str("request_id"), line.str("trace_id")), ("order-42", TRACE));
    assert_ne!(line.str("span_id"), SPAN, "the span is the one around the record");
    assert_eq!(lines.len(), 2, "the other line is the access line: {lines:?}");
}

#[test]
fn a_record_on_the_console_has_its_own_target_and_no_fields_of_its_origin() {
    let log = log(Format::Console);
    let time = log.time()[11..].to_owned();
    log.run(|| log::warn!(target: "sqlx::pool", "slow acquire"));
    assert_eq!(log.text(), format!("{time}  WARN slow acquire  sqlx::pool\n"));
}

#[test]
fn a_target_is_bounded_and_escaped() {
    let log = log(Format::Json);
    let target = format!("a\"b\n{}", "x".repeat(1000));
    log.run(|| log::info!(target: &target, "m"));
    let line = log.line();
    assert!(line.str("target").starts_with("a\"b\nx") && line.str("target").len() < 300);
}

#[test]
fn a_record_beside_a_foreign_layer_is_filtered_for_this_log_only() {
    let log = log(Format::Json);
    let levels = log.logging.filter();
    let other = Log::levels("trace");
    let subscriber = tracing_subscriber::registry()
        .with(other.logging.layer())
        .with(log.logging.layer().with_filter(levels));
    tracing::subscriber::with_default(subscriber, || {
        log::debug!(target: "sqlx::query", "both");
        log::debug!(target: "hyper", "other");
    });
    let messages = |log: &Log| -> Vec<String> {
        log.lines().iter().map(|line| line.str("message").to_owned()).collect()
    };
    assert_eq!(messages(&log), ["both"]);
    assert_eq!(messages(&other), ["both", "other"]);
}

#[test]
fn a_logger_that_is_there_already_stays_and_is_named() {
    assert_eq!(*INSTALLED, Ok(()));
    let again: &Logging = &Log::json().logging;
    let printed = again.install_log_crate().unwrap_err().to_string();
    assert!(printed.contains("stay with that logger") && printed.contains("OBS_LOG_CRATE=false"));
    let mut settings = LoggingSettings::default();
    settings.log_crate = false;
    assert_eq!(Log::new(settings).logging.install_log_crate(), Ok(()));
}
