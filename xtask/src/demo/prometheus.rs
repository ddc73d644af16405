//! A Prometheus that scrapes the service every second, if there is one on PATH.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tokio::{process::Command, time::Instant};

use super::{
    http,
    process::{Log, Process},
    progress::Step,
    seen::Promql,
};

const START_DEADLINE: Duration = Duration::from_secs(20);

pub(super) const MISSING: &str = "\
NO PROMETHEUS ON PATH: the table will be read from the service's own /metrics.
To see the service through a real Prometheus, install one and run this again:
  Debian, Ubuntu:  apt-get install --no-install-recommends prometheus
  macOS:           brew install prometheus
  others:          https://prometheus.io/download/";

pub(super) struct Prometheus {
    pub(super) address: SocketAddr,
    pub(super) promql: Promql,
    _process: Process,
}

impl Prometheus {
    /// Starts the one on PATH; nothing if there is none.
    pub(super) async fn start(target: SocketAddr, dir: &Path) -> Result<Option<Self>> {
        let Ok(binary) = which::which("prometheus") else {
            return Ok(None);
        };
        let step = Step::start("starting Prometheus")?;
        let config = dir.join("prometheus.yml");
        std::fs::write(&config, scrape_config(target))
            .context("cannot write the configuration of Prometheus")?;
        let address = free_port()?;
        let (log, output) = Log::create(dir, "prometheus.log")?;
        let mut command = Command::new(binary);
        command
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", dir.join("tsdb").display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--enable-feature=exemplar-storage")
            .current_dir(dir)
            .stdout(output.try_clone()?)
            .stderr(output);
        let mut process = Process::start("Prometheus", &mut command)?;
        tokio::select! {
            ready = until_ready(address) => ready.with_context(|| format!("its last lines:\n{}", log.tail()))?,
            status = process.ended() => {
                bail!("Prometheus ended ({}) at its start; its last lines:\n{}", status?, log.tail())
            }
        }
        step.done(&format!("Prometheus scrapes it every second and listens on http://{address}"));
        Ok(Some(Self { address, promql: Promql::new(address), _process: process }))
    }
}

async fn until_ready(address: SocketAddr) -> Result<()> {
    let deadline = Instant::now() + START_DEADLINE;
    while !http::get(address, "/-/ready").await.is_ok_and(|answer| answer.status == 200) {
        if Instant::now() > deadline {
            bail!("Prometheus is not ready after {} s", START_DEADLINE.as_secs());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Prometheus cannot say which port it got, so it is given one that was free a moment ago.
fn free_port() -> Result<SocketAddr> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?)
}

fn scrape_config(target: SocketAddr) -> String {
    format!(
        "\
global:
  scrape_interval: 1s
  evaluation_interval: 1s
scrape_configs:
  - job_name: orders-service
    static_configs:
      - targets: ['{target}']
"
    )
}
