//! A subject as a process, and what it tells of itself.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use obs_testing::receivers::{Event, Receivers, Span};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::Subject;
use crate::service::Listening;

/// How long a service may take to start, and to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running service. Dropped, it is killed.
pub(crate) struct Process {
    child: Child,
    pub(crate) addr: SocketAddr,
    scraped: SocketAddr,
    stdout: JoinHandle<Result<Vec<String>>>,
    stderr: JoinHandle<Result<Vec<String>>>,
    receivers: Receivers,
}

/// Everything it told, when there will be no more.
pub(crate) struct Told {
    pub(crate) lines: Vec<Value>,
    pub(crate) spans: Vec<Span>,
    pub(crate) events: Vec<Event>,
    /// What is wrong with the end itself.
    pub(crate) end: Vec<String>,
}

/// The samples of a scrape by their series, as the exposition writes it.
pub(crate) type Samples = BTreeMap<String, f64>;

impl Process {
    pub(crate) async fn start(subject: &Subject, mutant: Option<&str>) -> Result<Self> {
        let receivers = Receivers::start().await?;
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", subject.name])
            .env_clear()
            .env("OBS_LOG_FORMAT", "json")
            .env("OBS_EXPORT_INTERVAL_MS", "100")
            .env("OBS_ERRORS_MAX_PER_SECOND", "1000")
            .env("OBS_TRACE_ID_ECHO", "both")
            .env("OBS_SHUTDOWN_DELAY_MS", "0")
            .env("OBS_SHUTDOWN_TIMEOUT_MS", "5000")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", receivers.traces.address))
            .env("SENTRY_DSN", format!("http://key@{}/1", receivers.errors.address))
            .envs(mutant.map(|name| ("OBS_MUTANT", name)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the service")?;
        let stdout = child.stdout.take().context("its output is not piped")?;
        let stderr = child.stderr.take().context("its errors are not piped")?;
        let mut stdout = BufReader::new(stdout).lines();
        let first = timeout(PATIENCE, stdout.next_line()).await.context("it says nothing")??;
        let first = first.context("it ends before it listens")?;
        let Listening { listening, scraped } = serde_json::from_str(&first).context(first)?;
        let mut stderr = BufReader::new(stderr).lines();
        Ok(Self {
            child,
            addr: listening,
            scraped,
            stdout: tokio::spawn(async move { rest(&mut stdout).await }),
            stderr: tokio::spawn(async move { rest(&mut stderr).await }),
            receivers,
        })
    }

    pub(crate) async fn scrape(&self) -> Samples {
        let answer = obs_testing::get(self.scraped, "/metrics").await;
        let samples = answer.text().lines().filter(|line| !line.starts_with('#'));
        let parsed = samples.filter_map(|line| {
            let (series, value) = line.rsplit_once(' ')?;
            Some((series.to_owned(), value.parse().ok()?))
        });
        parsed.collect()
    }

    /// Tells it to stop, and waits for its end.
    pub(crate) async fn stop(mut self) -> Result<Told> {
        let pid = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        kill_process(pid.context("it has ended by itself")?, Signal::TERM)?;
        let exit = timeout(2 * PATIENCE, self.child.wait()).await.context("it does not end")??;
        let stderr = self.stderr.await??;
        ensure!(exit.success(), "it ended with {exit}:\n{}", stderr.join("\n"));
        let lines = self.stdout.await??;
        let lines = lines.iter().map(|line| serde_json::from_str(line).context(line.clone()));
        let (traces, errors) = (self.receivers.traces.received(), self.receivers.errors.received());
        Ok(Told {
            lines: lines.collect::<Result<_>>()?,
            spans: traces.recent.iter().cloned().collect(),
            events: errors.recent.iter().cloned().collect(),
            end: traces.refused.iter().chain(&errors.refused).cloned().collect(),
        })
    }
}

async fn rest<R: tokio::io::AsyncBufRead + Unpin>(
    lines: &mut tokio::io::Lines<R>,
) -> Result<Vec<String>> {
    let mut all = Vec::new();
    while let Some(line) = lines.next_line().await? {
        all.push(line);
    }
    Ok(all)
}
