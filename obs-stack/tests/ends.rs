//! The end of a process without a server: what was logged is there, with or without a runtime.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::error::Error;
use std::pin::pin;
use std::process::{Command, Output, exit};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use obs_stack::{Obs, Settings, Setup};

/// Says what the process that is started does.
const ENDS: &str = "TEST_ENDS";

#[test]
#[ignore = "run by the others, as a process"]
fn process() {
    match std::env::var(ENDS).as_deref() {
        Ok("returns") => {
            assert!(returns_an_error().is_err());
            // As a `main` that returns ends, without a word of the test harness.
            exit(1);
        }
        Ok("finish") => {
            let obs = Obs::from_env().unwrap().install().unwrap();
            tracing::info!("the last line");
            block_on(obs.finish());
            exit(0);
        }
        Ok("flush") => {
            let obs = Obs::from_env().unwrap().install().unwrap();
            for number in 0..3 {
                tracing::info!("call {number}");
                assert!(block_on(obs.flush(Duration::from_secs(20))));
            }
            // As a function that is frozen, and never goes on.
            exit(0);
        }
        _ => {}
    }
}

fn returns_an_error() -> Result<(), Box<dyn Error>> {
    let _obs = Obs::from_env()?.install()?;
    tracing::info!("the last line");
    Err("giving up")?
}

/// Without any runtime.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
        std::thread::yield_now();
    }
}

fn run(how: &str) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["process", "--exact", "--ignored", "--nocapture"])
        .env_clear()
        .env(ENDS, how)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_main_that_returns_an_error_loses_nothing() {
    for _ in 0..20 {
        let output = run("returns");
        assert_eq!(output.status.code(), Some(1));
        assert!(stdout(&output).contains("the last line"), "{output:?}");
    }
}

#[test]
fn finish_needs_no_runtime() {
    let output = run("finish");
    assert!(output.status.success() && stdout(&output).contains("the last line"), "{output:?}");
}

#[test]
fn flush_delivers_and_goes_on() {
    let output = run("flush");
    let said = stdout(&output);
    assert!(output.status.success(), "{output:?}");
    assert!((0..3).all(|number| said.contains(&format!("call {number}"))), "{said}");
}

#[tokio::test]
async fn a_handle_that_is_not_installed_holds_nothing() {
    let obs = Setup::new(Settings::default()).build();
    assert!(obs.flush(Duration::ZERO).await);
    obs.finish().await;
}
