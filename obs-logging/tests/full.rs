//! A full disk: the log says so where it still can, once, and nothing panics where nothing can be said.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::env;
use std::fs::OpenOptions;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use obs_core::{Clock, ServiceIdentity, notice};
use obs_logging::{Logging, LoggingSettings};
use tracing_subscriber::layer::SubscriberExt as _;

const ROLE: &str = "TEST_LOGS_TO_A_FULL_DISK";

fn full() -> std::fs::File {
    OpenOptions::new().write(true).open("/dev/full").unwrap()
}

#[test]
#[ignore = "run by the tests below, as a process"]
fn logging_process() {
    if env::var_os(ROLE).is_none() {
        return;
    }
    // Nobody listens yet: standard error.
    notice::warn("nobody listens");
    let settings = LoggingSettings::default();
    let service = ServiceIdentity::default();
    let logging = Logging::with_output(settings, &service, Clock::system(), Box::new(full()));
    tracing::subscriber::with_default(
        tracing_subscriber::registry().with(logging.layer()).with(logging.filter()),
        || {
            for number in 0..3 {
                tracing::info!(number, "lost");
                assert!(logging.flush(Duration::from_secs(8)));
            }
        },
    );
}

fn process(stderr: Stdio) -> Output {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["logging_process", "--exact", "--ignored", "--nocapture"]).env(ROLE, "1");
    command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap().wait_with_output().unwrap()
}

#[test]
fn a_log_that_cannot_be_written_is_told_once() {
    let output = process(Stdio::piped());
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    let told: Vec<_> = errors.lines().filter(|line| line.contains("No space left")).collect();
    assert_eq!(
        told,
        ["obs: warning: the log cannot be written: No space left on device (os error 28); \
          its lines are lost, and counted in obs_log_lines_dropped_total"],
        "{errors}",
    );
}

#[test]
fn nothing_panics_if_standard_error_is_full_as_well() {
    let output = process(full().into());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
