//! A real push gateway, as a process that ends with the test.

use std::env;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::client::get;

const BINARY: &str = "prometheus-pushgateway";
const DEADLINE: Duration = Duration::from_secs(60);

/// Keeps what jobs push.
#[derive(Debug)]
pub struct Pushgateway {
    process: Child,
    address: SocketAddr,
}

impl Pushgateway {
    /// `None`: it is not installed.
    pub fn start(test: &str) -> Option<Self> {
        let Ok(output) = Command::new(BINARY).arg("--version").output() else {
            let how = format!("`cargo xtask test`, or apt-get install {BINARY}");
            eprintln!("SKIPPED: {test} needs pushgateway: {how}");
            assert_ne!(env::var("CI").as_deref(), Ok("true"), "{test} needs pushgateway: {how}");
            return None;
        };
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        let version = text.split_once("version ").unwrap().1;
        eprintln!("backend: pushgateway {}", version.split_whitespace().next().unwrap());
        let deadline = Instant::now() + DEADLINE;
        // Somebody else may take the port in between: then it ends, and another one is tried.
        loop {
            let mut gateway = Self::spawn();
            while gateway.process.try_wait().unwrap().is_none() {
                if TcpStream::connect(gateway.address).is_ok() {
                    return Some(gateway);
                }
                assert!(Instant::now() < deadline, "{BINARY} does not start");
                sleep(Duration::from_millis(20));
            }
        }
    }

    fn spawn() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let process = Command::new(BINARY)
            .arg(format!("--web.listen-address={address}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { process, address }
    }

    /// For `OBS_PUSHGATEWAY_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it shows to a scrape: everything that was pushed.
    pub async fn metrics(&self) -> String {
        get(self.address, "/metrics").await.text().to_owned()
    }
}

impl Drop for Pushgateway {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
