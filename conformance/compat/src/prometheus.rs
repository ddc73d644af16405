//! A Prometheus that scrapes every second.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::http;

const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Prometheus {
    address: SocketAddr,
    _process: Child,
    _dir: TempDir,
}

/// A vector without what tells jobs apart, sorted.
pub(crate) type Vector = BTreeMap<BTreeMap<String, String>, f64>;

impl Prometheus {
    pub(crate) async fn start(jobs: &[(&str, SocketAddr)]) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let config = dir.path().join("prometheus.yml");
        std::fs::write(&config, configuration(jobs)?)?;
        // It cannot say which port it got, so it gets one that was free a moment ago.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let process = Command::new("prometheus")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", dir.path().join("tsdb").display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--log.level=error")
            .kill_on_drop(true)
            .spawn()
            .context("cannot start prometheus: is it on PATH?")?;
        let deadline = Instant::now() + PATIENCE;
        while !http::ask(address, "GET", "/-/ready").await.is_ok_and(|(status, _)| status == 200) {
            ensure!(Instant::now() < deadline, "prometheus is not ready");
            sleep(Duration::from_millis(50)).await;
        }
        Ok(Self { address, _process: process, _dir: dir })
    }

    /// Waits until the query has this one value.
    pub(crate) async fn until(&self, query: &str, expected: f64) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let values: Vec<f64> = self.query(query, None).await?.into_values().collect();
            if values == [expected] {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "{query} is {values:?}, not {expected}");
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// An instant query, for now or for a moment in seconds since 1970.
    pub(crate) async fn query(&self, query: &str, at: Option<f64>) -> Result<Vector> {
        let mut path =
            format!("/api/v1/query?query={}", utf8_percent_encode(query, NON_ALPHANUMERIC));
        if let Some(at) = at {
            write!(path, "&time={at}")?;
        }
        let data = self.api(&path).await.with_context(|| query.to_owned())?;
        let samples = data["result"].as_array().context("no vector")?;
        samples.iter().map(|entry| sample(entry).context("not a sample")).collect()
    }

    async fn api(&self, path: &str) -> Result<Value> {
        let (_, text) = http::ask(self.address, "GET", path).await?;
        let mut answer: Value = serde_json::from_str(&text).context("not JSON")?;
        if answer["status"] != "success" {
            bail!("{}: {}", answer["errorType"], answer["error"]);
        }
        Ok(answer["data"].take())
    }
}

fn configuration(jobs: &[(&str, SocketAddr)]) -> Result<String> {
    let mut text =
        "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n".to_owned();
    for (job, target) in jobs {
        writeln!(text, "- {{job_name: {job}, static_configs: [{{targets: ['{target}']}}]}}")?;
    }
    Ok(text)
}

fn sample(entry: &Value) -> Option<(BTreeMap<String, String>, f64)> {
    let labels = entry["metric"]
        .as_object()?
        .iter()
        .filter(|(name, _)| !matches!(&***name, "job" | "instance"));
    let labels = labels.map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    Some((labels.collect::<Option<_>>()?, entry["value"][1].as_str()?.parse().ok()?))
}
