//! Runs the application in each order; it checks its own layers, and this checks our lines.
#![allow(missing_docs)]

use std::process::{Command, Output};

use serde_json::Value;

fn app(order: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_app"))
        .arg(order)
        .env_clear()
        .env("RUST_LOG", "info")
        .env("OBS_LOG_FORMAT", "json")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn lines(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn line<'a>(lines: &'a [Value], message: &str) -> &'a Value {
    let mut found = lines.iter().filter(|line| line["message"] == message);
    let one = found.next().unwrap_or_else(|| panic!("no line {message:?} in {lines:#?}"));
    assert!(found.next().is_none(), "{message:?} twice in {lines:#?}");
    one
}

#[test]
fn in_either_order_our_lines_are_complete_and_filtered_for_us_alone() {
    for order in ["inside", "beside"] {
        let lines = lines(&app(order));
        let placed = line(&lines, "order placed");
        let request = placed["request_id"].as_str().unwrap();
        assert_eq!((&placed["order"], &placed["items"]), (&42.into(), &3.into()), "{order}");
        let error = line(&lines, "out of stock");
        assert_eq!((&error["order"], &error["level"]), (&42.into(), &"ERROR".into()), "{order}");
        let record = line(&lines, "a record of log");
        assert_eq!(record["target"], "sqlx::query", "{order}");
        assert_eq!(record["order"], 42, "{order}");
        for of_job in [placed, error, record, line(&lines, "Job")] {
            assert_eq!(of_job["request_id"], request, "{order}: {of_job}");
            assert_eq!(of_job["trace_id"], placed["trace_id"], "{order}: {of_job}");
        }
        assert_ne!(placed["span_id"], error["span_id"], "{order}: the inner span has its own id");
        let keys = record.as_object().unwrap().keys();
        assert!(keys.clone().all(|key| !key.starts_with("log.")), "{order}: {record}");
        assert!(
            lines.iter().all(|line| line["message"] != "only in the file"),
            "{order}: {lines:#?}"
        );
    }
}

#[test]
fn a_subscriber_without_our_layer_is_an_error_that_names_both_ways() {
    assert_eq!(lines(&app("subscriber-first")), [""; 0]);
}

#[test]
fn a_logger_that_was_set_before_keeps_its_records_and_one_warning_says_so() {
    let output = app("logger-first");
    let lines = lines(&output);
    line(&lines, "order placed");
    let warnings: Vec<&Value> = lines.iter().filter(|line| line["level"] == "WARN").collect();
    assert_eq!(warnings.len(), 1, "{lines:#?}");
    let said = warnings[0]["message"].as_str().unwrap();
    assert!(said.contains("records of `log` stay with that logger"), "{said}");
    assert!(text(&output.stderr).contains("their logger: a record of log"));
}

#[test]
fn records_of_log_are_lines_whatever_else_is_in_the_tree() {
    let lines = lines(&app("alone"));
    assert_eq!(line(&lines, "a record of log")["target"], "sqlx::query");
    assert!(lines.iter().all(|line| line["message"] != "not shown"), "{lines:#?}");
}
