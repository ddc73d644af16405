#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests, outside of #[test]"
)]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use actix_web::dev::{self, ServerHandle};
use actix_web::web::ServiceConfig;
use actix_web::{App, HttpServer};
use obs_actix::metrics::Format;
use obs_actix::{Obs, Observe as _, Setup};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn setup() -> Setup {
    Setup::new(Default::default())
}

/// A server of one worker. It stops when dropped.
pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    pub(crate) obs: Obs,
    handle: ServerHandle,
}

impl Server {
    /// Routes, the endpoints, and the middleware around them.
    pub(crate) fn start(
        configure: impl FnOnce(&mut ServiceConfig) + Clone + Send + 'static,
    ) -> Self {
        Self::with(setup().build(), configure)
    }

    pub(crate) fn with(
        obs: Obs,
        configure: impl FnOnce(&mut ServiceConfig) + Clone + Send + 'static,
    ) -> Self {
        let shared = obs.clone();
        let app = move || {
            let (obs, configure) = (&shared, configure.clone());
            App::new().configure(configure).configure(obs.routes()).wrap(obs.middleware())
        };
        let server = HttpServer::new(app).workers(1).disable_signals();
        let server = server.bind(("127.0.0.1", 0)).unwrap();
        let (addr, server) = (server.addrs()[0], server.run());
        Self::of(obs, addr, server)
    }

    /// An application of the test's own.
    pub(crate) fn of(obs: Obs, addr: SocketAddr, server: dev::Server) -> Self {
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { addr, obs, handle }
    }

    /// Drops the requests that are under way.
    pub(crate) fn stop(&self) {
        drop(self.handle.stop(false));
    }

    /// The answer to a request on a connection of its own.
    pub(crate) async fn call(&self, method: &str, path: &str) -> Answer {
        self.send(method, path, "").await
    }

    /// The same with headers, each ended by `\r\n`.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &str) -> Answer {
        let head = format!("{method} {path} HTTP/1.1\r\nhost: x\r\n{headers}connection: close\r\n");
        let mut stream = self.open(&format!("{head}\r\n")).await;
        let mut text = Vec::new();
        let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text));
        read.await.expect("an answer in time").unwrap();
        Answer(String::from_utf8(text).unwrap())
    }

    /// A connection to which `text` was written.
    pub(crate) async fn open(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.addr).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// Every series of `http_requests_total`: method, route, status, how many.
    pub(crate) async fn counted(&self) -> Vec<(String, String, u16, u64)> {
        let lines = self.samples("http_requests_total{").await;
        let label = |line: &str, name: &str| {
            let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let series = lines.iter().map(|line| {
            let status = label(line, "status_code").parse().unwrap();
            (label(line, "method"), label(line, "route"), status, last(line))
        });
        let mut series: Vec<_> = series.filter(|(.., count)| *count > 0).collect();
        series.sort();
        series
    }

    pub(crate) async fn aborted(&self, outcome: &str) -> u64 {
        let start = format!("obs_requests_aborted_total{{outcome=\"{outcome}\"");
        self.samples(&start).await.iter().map(|line| last(line)).sum()
    }

    pub(crate) async fn in_flight(&self) -> u64 {
        self.samples("http_requests_in_flight").await.iter().map(|line| last(line)).sum()
    }

    /// The lines of the exposition that begin so.
    pub(crate) async fn samples(&self, start: &str) -> Vec<String> {
        let text = self.obs.metrics().render(Format::Text);
        text.lines().filter(|line| line.starts_with(start)).map(str::to_owned).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn last(line: &str) -> u64 {
    line.rsplit(' ').next().unwrap().parse::<f64>().unwrap() as u64
}

#[derive(Debug)]
pub(crate) struct Answer(pub(crate) String);

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.0.split(' ').nth(1).expect("a status line").parse().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers(name).next()
    }

    /// The values of all headers with this name.
    pub(crate) fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        let (head, _) = self.0.split_once("\r\n\r\n").unwrap();
        let headers = head.lines().filter_map(|line| line.split_once(": "));
        headers.filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").unwrap().1
    }
}

/// Asks until the answer is `expected`.
pub(crate) async fn eventually<T: PartialEq + std::fmt::Debug>(
    mut ask: impl AsyncFnMut() -> T,
    expected: T,
) {
    let begun = Instant::now();
    loop {
        let answer = ask().await;
        if answer == expected {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "still {answer:?}, never {expected:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
