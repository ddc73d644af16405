//! What a service does with an environment that cannot be used: it starts, warns once of each variable,
//! and shows which signal is off. The service is this program again, as a process.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a service, and helpers of tests")]

use std::env;
use std::process::Command;

use obs_stack::{Body, Endpoint, Obs};

/// Its output, which must be the same whatever is set.
fn service(variables: &[(&str, &str)]) -> (bool, String) {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "a_service", "--ignored", "--nocapture"])
        .env_clear()
        .env("TEST_SERVICE", "yes")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    (output.status.success(), text)
}

#[tokio::test]
#[ignore = "run by the tests below, as a process"]
async fn a_service() {
    if env::var("TEST_SERVICE").is_err() {
        return;
    }
    let obs = match Obs::from_env() {
        Ok(setup) => setup.install().unwrap(),
        Err(error) => return println!("refused {error}"),
    };
    tracing::info!("serving");
    let Body::Whole(body) = obs.answer(Endpoint::Health, &()).await.body else { return };
    println!("health {}", String::from_utf8(body).unwrap());
    obs.finish().await;
}

#[test]
fn what_a_cluster_sets_for_other_languages_does_not_stop_the_start() {
    let set = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"),
        ("OTEL_TRACES_EXPORTER", "console"),
        ("OTEL_EXPORTER", "jaeger"),
        ("OTEL_METRICS_EXPORTER", "otlp,prometheus"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"),
        ("OTEL_TRACES_SAMPLER", "xray"),
        ("OTEL_SDK_DISABLED", "1"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "0"),
        ("OTEL_PROPAGATORS", "b3"),
        ("HTTPS_PROXY", "http://me:hunter2@proxy"),
        ("RUST_LOG", "info,hyper,my[span]=debug"),
        ("OBS_ACCES_LOG", "false"),
    ];
    let (fine, text) = service(&set);
    assert!(fine && text.contains("serving"), "{text}");
    for (variable, _) in set.iter().filter(|(name, _)| !FINE.contains(name)) {
        let begins = ["=", ":", " is"].map(|next| format!("\"message\":\"{variable}{next}"));
        let lines = text.lines().filter(|line| begins.iter().any(|begin| line.contains(begin)));
        assert_eq!(lines.count(), 1, "{variable}: {text}");
    }
    for (variable, _) in set.iter().filter(|(name, _)| FINE.contains(name)) {
        assert!(!text.contains(&format!("{variable}=")), "{variable}: {text}");
    }
    assert!(text.contains("did you mean OBS_ACCESS_LOG?"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");

    // The same, strictly: one error with all of it.
    let (_, text) = service(&[&set[..], &[("OBS_STRICT", "true")]].concat());
    assert!(text.contains("refused 10 environment variables cannot be used:"), "{text}");
    assert!(!text.contains("serving") && !text.contains("hunter2"), "{text}");
}

/// What can be used as it stands.
const FINE: [&str; 2] = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_METRICS_EXPORTER"];

#[test]
fn a_signal_that_cannot_go_anywhere_is_shown_as_off() {
    let (fine, text) = service(&[
        ("SENTRY_DSN", "https://hunter2@/x"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector:4317"),
    ]);
    assert!(fine, "{text}");
    let off =
        "traces off: invalid OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, errors off: invalid SENTRY_DSN";
    let off_reversed =
        "errors off: invalid SENTRY_DSN, traces off: invalid OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    assert!(text.contains(off) || text.contains(off_reversed), "{text}");
    let health = text.lines().find(|line| line.starts_with("health ")).unwrap();
    assert!(health.contains("{\"status\":\"healthy\""), "{health}");
    assert!(
        health.contains("\"traces\":\"off: invalid\"")
            && health.contains("\"errors\":\"off: invalid\""),
        "{health}"
    );
    assert!(!text.contains("hunter2"), "{text}");
    let (_, text) = service(&[]);
    assert!(!text.contains("signals") && !text.contains("warning"), "{text}");
}

#[test]
fn warnings_are_seen_although_the_log_leaves_them_out() {
    let (fine, text) = service(&[("RUST_LOG", "off"), ("OTEL_TRACES_SAMPLER", "xray")]);
    assert!(fine && !text.contains("serving"), "{text}");
    assert!(text.contains("obs: warning: OTEL_TRACES_SAMPLER=\"xray\": expected one of"), "{text}");
}
