//! Listeners that end by themselves: what was observed is delivered, and the handle serves again.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::io;
use std::process::Command;
use std::sync::Arc;

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
        let receiver = traces().await.unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["a_handle_serves_again", "--exact", "--nocapture"])
            .env_clear()
            .env(ROLE, "1")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", receiver.address))
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            .env("OBS_ADMIN_ADDR", "127.0.0.1:0");
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut names: Vec<_> =
            receiver.received().recent.iter().map(|span| span.name.clone()).collect();
        names.sort();
        assert_eq!(names, ["first", "second", "third"]);
    }
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
