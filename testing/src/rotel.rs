//! A real collector, as a process that ends with the test.

use std::fs::File;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::tool::Tool;

const ROTEL: Tool = Tool { package: "rotel", version: "0.0.1a15", binary: "rotel-agent" };

/// A collector of spans and metrics, by gRPC and HTTP.
#[derive(Debug)]
pub struct Rotel {
    process: Child,
    grpc: SocketAddr,
    http: SocketAddr,
    folder: TempDir,
}

/// On the path, else where `cargo xtask test` installs it.
fn find() -> Option<PathBuf> {
    if let Ok(path) = which::which(ROTEL.binary) {
        return Some(path);
    }
    let pythons = ROTEL.environment().join("lib").read_dir().ok()?;
    pythons
        .flatten()
        .map(|python| python.path().join("site-packages/rotel").join(ROTEL.binary))
        .find(|path| path.is_file())
}

fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Rotel {
    /// `None`: it is not installed.
    pub fn start(test: &str) -> Option<Self> {
        let Some(path) = find() else {
            ROTEL.missing(test);
            return None;
        };
        // The wheel 0.0.1a15 calls itself 0.0.1-alpha10.
        let version = Command::new(&path).arg("--version").output().unwrap();
        eprintln!("backend: {}", String::from_utf8_lossy(&version.stdout).trim());
        let deadline = Instant::now() + Duration::from_secs(60);
        // Somebody else may take a port in between: then it ends, and others are tried.
        loop {
            assert!(Instant::now() < deadline, "rotel does not start");
            let mut rotel = Self::spawn(&path);
            while rotel.process.try_wait().unwrap().is_none() && Instant::now() < deadline {
                let up = |address| TcpStream::connect(address).is_ok();
                if rotel.output().contains("Starting Rotel") && up(rotel.grpc) && up(rotel.http) {
                    return Some(rotel);
                }
                sleep(Duration::from_millis(20));
            }
        }
    }

    fn spawn(path: &PathBuf) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (grpc, http) = (free_port(), free_port());
        let log = File::create(folder.path().join("log")).unwrap();
        let process = Command::new(path)
            .args(["start", "--exporter", "blackhole", "--debug-log", "traces"])
            .args(["--debug-log", "metrics"])
            .args(["--debug-log-verbosity", "detailed"])
            .args(["--otlp-grpc-endpoint", &grpc.to_string()])
            .args(["--otlp-http-endpoint", &http.to_string()])
            .stderr(log.try_clone().unwrap())
            .stdout(log)
            .spawn()
            .unwrap();
        Self { process, grpc, http, folder }
    }

    /// The port that speaks gRPC.
    pub fn grpc(&self) -> u16 {
        self.grpc.port()
    }

    /// The port that speaks HTTP.
    pub fn http(&self) -> u16 {
        self.http.port()
    }

    /// Everything it has printed.
    pub fn output(&self) -> String {
        let bytes = std::fs::read(self.folder.path().join("log")).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// `kill -STOP`, `kill -CONT`.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.process);
        kill_process(pid, signal).unwrap();
    }
}

impl Drop for Rotel {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
