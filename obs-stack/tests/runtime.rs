//! Which tokio runtime is shown.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::future::pending;

use obs_stack::{Obs, Settings, Setup};
use tokio::runtime::{Builder, Runtime};

fn runtime(workers: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(workers).enable_all().build().unwrap()
}

fn shows(obs: &Obs, line: &str) -> bool {
    obs.metrics().render(obs_metrics::Format::Text).contains(line)
}

#[test]
fn the_one_that_the_handle_is_made_on_else_the_one_that_drives_it() {
    let (two, three) = (runtime(2), runtime(3));
    let made_outside = Setup::new(Settings::default()).build();
    assert!(!shows(&made_outside, "tokio_workers"));
    let made_on_two = two.block_on(async { Setup::new(Settings::default()).build() });
    assert!(shows(&made_on_two, "\ntokio_workers 2\n"));
    for (obs, workers) in [(made_outside, 3), (made_on_two, 2)] {
        three.block_on(async {
            let server = async {
                obs.shutdown().begin();
                assert!(shows(&obs, &format!("\ntokio_workers {workers}\n")));
                Ok(())
            };
            obs.drive(server, || drop(pending::<()>())).await.unwrap();
        });
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_process_is_always_shown() {
    assert!(shows(&Setup::new(Settings::default()).build(), "\nprocess_open_fds "));
}
