//! A job that lives for milliseconds leaves its numbers in a real push gateway.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use obs_core::Source;
use obs_core::source::{Collector, Family, Kind, Value};
use obs_stack::Obs;
use obs_testing::Pushgateway;

const JOB: &str = "TEST_IS_THE_JOB";

struct Imported;

impl Source for Imported {
    fn collect(&self, out: &mut dyn Collector) {
        out.family(&Family::new("rows_imported_total", Kind::Counter, "Rows."));
        out.sample(&[("file", "a")], Value::Integer(4711));
    }
}

#[test]
#[ignore = "run by the other, as a process"]
fn job() {
    if std::env::var_os(JOB).is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let began = Instant::now();
        let obs = Obs::from_env().unwrap().install().unwrap();
        obs.add_source(Arc::new(Imported));
        let imported = obs.job("import", async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Ok::<_, std::io::Error>(())
        });
        imported.await.unwrap();
        obs.job("clean", async { Ok::<_, std::io::Error>(()) }).await.unwrap();
        obs.finish().await;
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    });
}

#[tokio::test]
async fn what_a_short_job_has_counted_is_read_back_from_the_gateway() {
    let test = "what_a_short_job_has_counted_is_read_back_from_the_gateway";
    let Some(gateway) = Pushgateway::start(test) else { return };
    let run = |job: &str| {
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["job", "--exact", "--ignored"])
            .env(JOB, "1")
            .env("OTEL_SERVICE_NAME", "importer")
            .env("OBS_PUSHGATEWAY_URL", gateway.url())
            .env("OBS_PUSHGATEWAY_JOB", job)
            .status();
        assert!(status.unwrap().success());
    };
    // An empty variable is none: the name of the service.
    run("");
    run("nightly/eu");
    let shown = gateway.metrics().await;
    for job in ["importer", "nightly/eu"] {
        for line in [
            format!(r#"rows_imported_total{{file="a",instance="",job="{job}"}} 4711"#),
            duration(job, "import"),
            duration(job, "clean"),
            format!(r#"tokio_workers{{instance="",job="{job}"}} 1"#),
            format!(r#"process_open_fds{{instance="",job="{job}"}} "#),
            format!(r#"push_time_seconds{{instance="",job="{job}"}} "#),
        ] {
            assert!(shown.contains(&line), "{line}\nis not in\n{shown}");
        }
    }
}

fn duration(job: &str, of: &str) -> String {
    let labels = format!(r#"exported_job="{of}",instance="",job="{job}",outcome="success""#);
    format!("job_duration_seconds_count{{{labels}}} 1")
}
