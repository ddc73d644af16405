//! The orders service: started, asked for its probes, ended with the demo.

use std::{net::SocketAddr, path::Path, process::Stdio, time::Duration};

use anyhow::{Context, Error, Result, bail};
use hyper::Request;
use obs_testing::receivers::Receivers;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{ChildStdout, Command},
};

use super::{
    http,
    process::{Log, Process},
    progress::Step,
};

const START_DEADLINE: Duration = Duration::from_secs(20);
const PROBES: [&str; 3] = ["/live", "/ready", "/health"];

pub(super) struct Service {
    pub(super) address: SocketAddr,
    process: Process,
    output: Output,
}

/// Two files: what a panic prints comes in pieces, and must not tear the lines of the log.
struct Output {
    log: Log,
    errors: Log,
}

impl Output {
    fn tail(&self) -> String {
        format!("{}\n  and of its errors:\n{}", self.log.tail(), self.errors.tail())
    }
}

impl Service {
    /// Starts `binary` on a free port, with its database and its log in `dir`; exports to `receivers`.
    pub(super) async fn start(binary: &Path, dir: &Path, receivers: &Receivers) -> Result<Self> {
        let step = Step::start("starting orders-service")?;
        let (log, stdout) = Log::create(dir, "orders-service.log")?;
        let (errors, stderr) = Log::create(dir, "orders-service.stderr.log")?;
        let output = Output { log, errors };
        let mut command = Command::new(binary);
        // The demo must not send its traffic to the collector of whoever tries it.
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| is_telemetry_setting(&name.to_string_lossy()))
        {
            command.env_remove(name);
        }
        command
            .env("BIND_ADDR", "127.0.0.1:0")
            .env("DATABASE_URL", format!("sqlite://{}?mode=rwc", dir.join("orders.db").display()))
            .env("OTEL_SERVICE_NAME", "orders-service")
            .env("OTEL_TRACES_SAMPLER", "always_on")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", receivers.traces.address))
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            .env("OBS_TRACE_ID_ECHO", "traceresponse")
            .env("OBS_EXPORT_INTERVAL_MS", "100")
            .env("SENTRY_DSN", format!("http://demo@{}/1", receivers.errors.address))
            // Every failed request is to be found again, also at a high rate.
            .env("OBS_ERRORS_MAX_PER_SECOND", "1000")
            // Nobody balances load over it who would have to see /ready fail before it stops.
            .env("OBS_SHUTDOWN_DELAY_MS", "0")
            .env("OBS_SHUTDOWN_TIMEOUT_MS", "3000")
            .current_dir(dir)
            .stdout(Stdio::piped())
            .stderr(stderr);
        let mut process = Process::start("orders-service", &mut command)?;
        let mut lines = BufReader::new(process.stdout()?).lines();
        let address = tokio::select! {
            address = tokio::time::timeout(START_DEADLINE, announced(&mut lines)) => address,
            status = process.ended() => {
                bail!("orders-service ended ({}) before it listened; its last lines:\n{}", status?, output.tail())
            }
        };
        let seconds = START_DEADLINE.as_secs();
        let address = address.with_context(|| {
            format!(
                "orders-service does not listen after {seconds} s; its last lines:\n{}",
                output.tail()
            )
        })?;
        tokio::spawn(drain(lines, stdout));
        step.done(&format!("orders-service listens on http://{address}"));
        Ok(Self { address, process, output })
    }

    /// Returns only if the service ends by itself, which it must not.
    pub(super) async fn failed(&mut self) -> Result<()> {
        let status = self.process.ended().await?;
        bail!(
            "{} ended by itself ({status}); its last lines:\n{}",
            self.process.name(),
            self.output.tail()
        )
    }

    /// Why traffic failed: the first sign of a service that ended is a connection that it closed.
    pub(super) async fn cause_of(&mut self, error: Error) -> Error {
        match tokio::time::timeout(Duration::from_secs(1), self.failed()).await {
            Ok(Err(ended)) => ended,
            _ => error,
        }
    }

    /// Everything that it logged so far.
    pub(super) fn log(&self) -> &Path {
        self.output.log.path()
    }

    /// /metrics in the format that has exemplars.
    pub(super) async fn open_metrics(&self) -> Result<String> {
        let request = Request::get("/metrics").header("accept", "application/openmetrics-text");
        let answer = http::ask(self.address, request.body(http::Body::default())?).await?;
        answer.ok().context("orders-service shows no metrics")
    }

    pub(super) async fn metrics(address: SocketAddr) -> Result<String> {
        http::get(address, "/metrics").await?.ok().context("orders-service shows no metrics")
    }

    /// The answers of the probes, a line each.
    pub(super) async fn probes(&self) -> Result<String> {
        let mut text = String::new();
        for path in PROBES {
            let answer = http::get(self.address, path).await?;
            text.push_str(&format!("  GET {path:<8} {} {}\n", answer.status, answer.text.trim()));
        }
        Ok(text)
    }
}

/// Never returns if the output ends without the line: then the process or the deadline ends, and tells more.
async fn announced(lines: &mut Lines<BufReader<ChildStdout>>) -> SocketAddr {
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(address) = listening_on(&line) {
            return address;
        }
    }
    std::future::pending().await
}

/// A service that writes to a pipe nobody reads stops at 64 KiB.
async fn drain(mut lines: Lines<BufReader<ChildStdout>>, mut log: std::fs::File) {
    use std::io::Write;
    while let Ok(Some(line)) = lines.next_line().await {
        let _ = writeln!(log, "{line}");
    }
}

fn listening_on(line: &str) -> Option<SocketAddr> {
    let (_, address) = line.split_once("listening on http://")?;
    address.trim().trim_end_matches('/').parse().ok()
}

fn is_telemetry_setting(name: &str) -> bool {
    ["OTEL_", "OBS_", "SENTRY_"].iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_where_the_service_listens() {
        let address = "127.0.0.1:4711".parse().ok();
        assert_eq!(listening_on("listening on http://127.0.0.1:4711"), address);
        assert_eq!(listening_on("listening on http://127.0.0.1:4711/"), address);
        assert_eq!(listening_on("migrated the database"), None);
    }

    #[test]
    fn settings_of_other_backends_are_told_apart() {
        assert!(is_telemetry_setting("OTEL_EXPORTER_OTLP_ENDPOINT"));
        assert!(is_telemetry_setting("SENTRY_DSN"));
        assert!(!is_telemetry_setting("PATH"));
    }
}
