//! The end of listeners, by themselves or by a shutdown: what was observed is delivered.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::io;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use obs_stack::Obs;
use obs_testing::receivers::traces;
use tokio::sync::Barrier;

/// Set in the process that serves.
const ROLE: &str = "TEST_SERVES_TWICE";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handle_serves_again() {
    if std::env::var_os(ROLE).is_some() {
        serve_twice().await;
        // Nothing is left for the end of the process to deliver.
        std::process::exit(0);
    }
    for _ in 0..5 {
        let (spans, _) = run("a_handle_serves_again").await;
        assert_eq!(spans, ["first", "second", "third"]);
    }
}

/// The names of the spans that the process of a test delivers, in order, and what it writes.
async fn run(test: &'static str) -> (Vec<String>, Output) {
    let receiver = traces().await.unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([test, "--exact", "--nocapture"])
        .env_clear()
        .env(ROLE, "1")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", receiver.address))
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
        .env("OBS_SHUTDOWN_DELAY_MS", "0")
        .env("OBS_SHUTDOWN_TIMEOUT_MS", "2000")
        .env("OBS_ADMIN_ADDR", "127.0.0.1:0");
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut names: Vec<_> =
        receiver.received().recent.iter().map(|span| span.name.clone()).collect();
    names.sort();
    (names, output)
}

async fn serve_twice() {
    let obs = Obs::from_env().unwrap().install().unwrap();
    for name in ["first", "second", "third"] {
        obs.job(name, async { Ok::<(), io::Error>(()) }).await.unwrap();
        // Both end at the same time, on two threads.
        let end = Arc::new(Barrier::new(2));
        let both = [(); 2].map(|()| {
            let (obs, end) = (obs.clone(), Arc::clone(&end));
            tokio::spawn(async move {
                let server = async {
                    let admin = obs.admin_addr().unwrap();
                    let answer = obs_testing::get(admin, "/live").await;
                    assert_eq!(answer.status.as_u16(), 200);
                    end.wait().await;
                    Ok(())
                };
                obs.drive(server, || {}).await.unwrap();
            })
        });
        for drive in both {
            drive.await.unwrap();
        }
        assert_eq!(obs.admin_addr(), None, "it ends with the last listener");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_that_run_are_waited_for_and_then_recorded() {
    if std::env::var_os(ROLE).is_some() {
        stop_with_jobs().await;
        std::process::exit(0);
    }
    let (spans, output) = run("jobs_that_run_are_waited_for_and_then_recorded").await;
    assert_eq!(spans, ["endless", "short"]);
    let lines = String::from_utf8_lossy(&output.stdout);
    let said = |text: &str| assert!(lines.contains(text), "{text}: {lines}");
    said(
        "0 requests (obs_requests_cut_total) and 1 jobs (obs_jobs_cut_total) were cut off, 0 log lines",
    );
    said(r#""job":"short","duration_ms":"#);
    let endless = lines.lines().find(|line| line.contains(r#""job":"endless""#)).unwrap();
    assert!(endless.contains(r#""outcome":"cancelled""#), "{endless}");
}

async fn stop_with_jobs() {
    let obs = Obs::from_env().unwrap().install().unwrap();
    let (started, ready) = (Arc::new(Barrier::new(3)), Duration::from_millis(100));
    for (name, ends) in [("short", true), ("endless", false)] {
        let started = Arc::clone(&started);
        tokio::spawn(obs.job(name, async move {
            started.wait().await;
            tokio::time::sleep(ready).await;
            if !ends {
                std::future::pending::<()>().await;
            }
            Ok::<(), io::Error>(())
        }));
    }
    started.wait().await;
    obs.shutdown().begin();
    obs.drive(async { Ok(()) }, || {}).await.unwrap();
}
