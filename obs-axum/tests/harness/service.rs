//! A real process to send signals to: this test binary once more, as a service.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use axum::Router;
use obs_axum::{Obs, Observe as _, Serve as _};
use rustix::process::{Pid, Signal, kill_process};

use super::{PATIENCE, eventually, get as fetch};

/// Set in the process that is the service.
const ROLE: &str = "OBS_TEST_IS_THE_SERVICE";

/// The process of one service. Dropped, it is killed.
pub(crate) struct Service {
    child: Child,
    pub(crate) addr: SocketAddr,
    /// What it writes to standard output and standard error; reading must not block it.
    said: Option<[JoinHandle<Vec<String>>; 2]>,
}

impl Service {
    /// In the test's own process: starts `test` once more as a service with these variables. In
    /// that one: is the service, and gives `None` when it has ended.
    pub(crate) fn start(
        test: &str,
        variables: &[(&str, &str)],
        app: fn(&Obs) -> Router,
    ) -> Option<Self> {
        if std::env::var_os(ROLE).is_some() {
            serve(app);
            return None;
        }
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture", "--test-threads=1"])
            .env(ROLE, "1")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let addr = lines.by_ref().find_map(|line| {
            let (_, addr) =
                line.unwrap().split_once("listening on ").map(|(a, b)| (a, b.to_owned()))?;
            addr.parse().ok()
        });
        let errors = BufReader::new(child.stderr.take().unwrap()).lines();
        let said = Some([
            thread::spawn(|| lines.map_while(Result::ok).collect()),
            thread::spawn(|| {
                let echo = |line: &String| eprintln!("{line}");
                errors.map_while(Result::ok).inspect(echo).collect()
            }),
        ]);
        let addr = addr.expect("the service says where it listens");
        Some(Self { child, addr, said })
    }

    /// Waits until requests are answered: from then on signals are handled.
    pub(crate) async fn answers(&self) {
        eventually(async || self.status("/ready").await, 200, "ready").await;
    }

    /// The status of a GET over a connection of its own.
    pub(crate) async fn status(&self, path: &str) -> u16 {
        fetch(self.addr, path).await.status.as_u16()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the end of the process.
    pub(crate) async fn exit(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the process does not end");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The lines that it wrote to standard output and to standard error until its end.
    pub(crate) fn lines(&mut self) -> [Vec<String>; 2] {
        self.said.take().unwrap().map(|lines| lines.join().unwrap())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn serve(app: fn(&Obs) -> Router) {
    let obs = Obs::from_env().unwrap().install().unwrap();
    let app = app(&obs).observe(&obs);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("listening on {}", listener.local_addr().unwrap());
    obs.serve(listener, app).await.unwrap();
}
