//! A real process to send signals to: this test binary once more.

use std::env;
use std::io::{BufRead as _, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, kill_process};

pub use rustix::process::Signal;

use crate::{PATIENCE, get as fetch};

/// Set in the process that is the service.
const ROLE: &str = "TEST_IS_THE_SERVICE";

/// What the service says once, with its address.
const LISTENING: &str = "listening on ";

/// The process of one service. Dropped, it is killed.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub addr: SocketAddr,
    /// Standard output and standard error: what was written, when there will be no more.
    pipes: [Option<JoinHandle<String>>; 2],
    /// While it is there, nobody reads standard output.
    held: Option<mpsc::Sender<()>>,
}

/// Whether this process is the service.
pub fn is_the_service() -> bool {
    env::var_os(ROLE).is_some()
}

/// A socket for the service, whose address the test is told.
pub async fn listen() -> tokio::net::TcpListener {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    announce(listener.local_addr().unwrap());
    listener
}

/// Tells the test where the service listens.
pub fn announce(addr: SocketAddr) {
    println!("{LISTENING}{addr}");
}

impl Process {
    /// Runs `test`, also if it is ignored, with these variables and no others.
    pub fn start(test: &str, variables: &[(&str, String)]) -> Self {
        let mut process = Self::start_unread(test, variables);
        process.held = None;
        process
    }

    /// The same, but its standard output is not read before its end: whoever writes more than the
    /// pipe takes blocks.
    pub fn start_unread(test: &str, variables: &[(&str, String)]) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args([test, "--exact", "--include-ignored", "--nocapture"])
            .env_clear()
            .env(ROLE, "1")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, said) = mpsc::channel();
        let (held, release) = mpsc::channel();
        let stdout = read(child.stdout.take().unwrap(), move |line| {
            if let Some((_, addr)) = line.split_once(LISTENING) {
                let _ = sender.send(addr.trim().parse().unwrap());
                let _ = release.recv();
            }
        });
        let stderr = read(child.stderr.take().unwrap(), |line| eprint!("{line}"));
        let addr = said.recv_timeout(PATIENCE).expect("the service says where it listens");
        Self { child, addr, pipes: [Some(stdout), Some(stderr)], held: Some(held) }
    }

    /// Waits until requests are answered: from then on signals are handled.
    pub async fn answers(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.status("/ready").await != 200 {
            assert!(Instant::now() < deadline, "the service does not become ready");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The status of a GET over a connection of its own.
    pub async fn status(&self, path: &str) -> u16 {
        fetch(self.addr, path).await.status.as_u16()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Whether it has not ended.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the end of the process.
    pub async fn exit(&mut self) -> ExitStatus {
        // Longer than any deadline of a shutdown.
        let deadline = Instant::now() + 3 * PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the process does not end");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Everything it has written to standard output and standard error. It has ended.
    pub fn output(&mut self) -> [String; 2] {
        self.held = None;
        self.pipes.each_mut().map(|pipe| pipe.take().unwrap().join().unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(
    pipe: impl Read + Send + 'static,
    each: impl Fn(&str) + Send + 'static,
) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut all = String::new();
        let mut line = Vec::new();
        while pipe.read_until(b'\n', &mut line).unwrap() > 0 {
            let text = String::from_utf8_lossy(&line);
            each(&text);
            all.push_str(&text);
            line.clear();
        }
        all
    })
}
