//! What actix-http logs of requests that cannot be parsed: nothing, unless `RUST_LOG` asks for it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use actix_web::{App, HttpServer};
use obs_actix::logging::{Logging, LoggingSettings};
use obs_actix::{Observe as _, Reader, Settings, Setup};
use obs_core::{Clock, ServiceIdentity};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

const PATIENCE: Duration = Duration::from_secs(20);
/// The target of the lines.
const DISPATCHER: &str = "actix_http::h1::dispatcher";
/// More than actix-http takes as the head of a request.
const TOO_LARGE: usize = 256 * 1024;

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Log {
    logging: Logging,
    memory: Memory,
}

impl Log {
    /// With the settings that the service would have with this `RUST_LOG`.
    fn with(rust_log: Option<&str>) -> Self {
        let value = rust_log.map(str::to_owned);
        let lookup = |name: &str| value.clone().filter(|_| name == "RUST_LOG");
        let settings = LoggingSettings::read(&mut Reader::from_lookup(lookup));
        let (memory, service) = (Memory::default(), ServiceIdentity::default());
        let output = Box::new(memory.clone());
        Self { logging: Logging::with_output(settings, &service, Clock::system(), output), memory }
    }

    fn errors_of(&self, target: &str) -> usize {
        assert!(self.logging.flush(PATIENCE));
        let text = String::from_utf8(self.memory.0.lock().unwrap().clone()).unwrap();
        let target = format!(r#""target":"{target}""#);
        let of_target = |line: &&str| line.contains(r#""level":"ERROR""#) && line.contains(&target);
        text.lines().filter(of_target).count()
    }
}

/// The beginning of the answer, if the connection is not reset before.
async fn answer(addr: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let _ = stream.write_all(request).await;
    let mut bytes = [0; 12];
    let read = tokio::time::timeout(PATIENCE, stream.read_exact(&mut bytes)).await.unwrap();
    read.map(|_| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

#[actix_web::test]
async fn requests_that_cannot_be_parsed_are_no_errors_of_the_service() {
    let unset = Log::with(None);
    let verbose = Log::with(Some("debug"));
    let named = Log::with(Some("actix_http=debug"));
    let layers = [&unset, &verbose, &named]
        .map(|log| log.logging.layer().with_filter(log.logging.filter()).boxed());
    let subscriber = tracing_subscriber::registry().with(layers.into_iter().collect::<Vec<_>>());
    // The workers of actix are threads of their own.
    subscriber.try_init().unwrap();

    let obs = Setup::new(Settings::default()).build();
    let app = move || App::new().configure(obs.routes()).wrap(obs.middleware());
    let server = HttpServer::new(app).workers(1).disable_signals();
    let server = server.bind(("127.0.0.1", 0)).unwrap();
    let (addr, server) = (server.addrs()[0], server.run());
    let handle = server.handle();
    actix_web::rt::spawn(server);

    assert_eq!(answer(addr, b"GET\x01/ nothing\r\n\r\n").await, "HTTP/1.1 400");
    let _ = answer(addr, &[b"GET / HTTP/1.1\r\na: ", &[b'x'; TOO_LARGE][..]].concat()).await;
    let begin = Instant::now();
    while named.errors_of(DISPATCHER) < 2 {
        assert!(begin.elapsed() < PATIENCE, "RUST_LOG names it, and there is no line");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!([unset.errors_of(DISPATCHER), verbose.errors_of(DISPATCHER)], [0, 0]);
    drop(handle.stop(false));
}
