//! A store of metrics that takes OTLP and is asked over HTTP, as a process that ends with the test.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::client::get;
use crate::tool::cache;

const VERSION: &str = "0.1.156";
const DEADLINE: Duration = Duration::from_secs(60);

/// One person's project, pinned, and minutes to compile: for tests that are ignored.
#[derive(Debug)]
pub struct Otelite {
    process: Child,
    api: SocketAddr,
    otlp: SocketAddr,
    _folder: TempDir,
}

/// A point as it is stored.
#[derive(Clone, Debug, Deserialize)]
pub struct Stored {
    /// A number, or what a histogram has.
    pub value: Value,
    /// Nanoseconds since the Unix epoch.
    pub timestamp: u64,
    /// Of the point, and of the scope.
    pub attributes: BTreeMap<String, String>,
}

impl Otelite {
    /// `None`: it is not installed.
    pub fn start(test: &str) -> Option<Self> {
        let cached = cache().join(format!("otelite-{VERSION}"));
        let path = which::which("otelite").ok().unwrap_or_else(|| cached.join("bin/otelite"));
        if !path.is_file() {
            let root = cached.display();
            let how = format!("cargo install --locked otelite@{VERSION} --root {root}");
            eprintln!("SKIPPED: {test} needs otelite: {how}");
            return None;
        }
        eprintln!("backend: otelite {VERSION}");
        let deadline = Instant::now() + DEADLINE;
        // Somebody else may take a port in between: then it ends, and others are tried.
        loop {
            let mut otelite = Self::spawn(&path);
            while otelite.process.try_wait().unwrap().is_none() {
                let up = |address| TcpStream::connect(address).is_ok();
                if up(otelite.api) && up(otelite.otlp) {
                    return Some(otelite);
                }
                assert!(Instant::now() < deadline, "otelite does not start");
                sleep(Duration::from_millis(20));
            }
        }
    }

    fn spawn(path: &std::path::Path) -> Self {
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (api, otlp, grpc) = (free(), free(), free());
        let folder = tempfile::tempdir().unwrap();
        let process = Command::new(path)
            .args(["serve", "--addr", &api.to_string(), "--storage-path"])
            .arg(folder.path().join("store"))
            .env("HOME", folder.path())
            .env("OTELITE_OTLP_HTTP_PORT", otlp.port().to_string())
            .env("OTELITE_OTLP_GRPC_PORT", grpc.port().to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { process, api, otlp, _folder: folder }
    }

    /// For `OTEL_EXPORTER_OTLP_ENDPOINT`, over HTTP.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.otlp)
    }

    /// The points of a metric.
    pub async fn points(&self, name: &str) -> Vec<Stored> {
        let answer = get(self.api, &format!("/api/metrics?limit=10000&name={name}")).await;
        serde_json::from_slice(&answer.body).unwrap()
    }
}

impl Drop for Otelite {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
