//! The admin listener: `/metrics` and `/health` on a port of their own, so that the clients of the
//! application do not see them.
//!
//! The listeners of the application run it: one of them at a time, until the last one has ended.

mod answer;
mod settings;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use obs_core::notice;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{sleep, timeout};

use self::answer::Admin;
pub use self::settings::AdminSettings;
use crate::{Endpoints, Obs};

/// Connections at the same time: for a new one, the oldest one without a request is closed.
const MOST_CONNECTIONS: usize = 64;
/// How long a client may take for the head of a request, and stay idle between two.
const HEAD: Duration = Duration::from_secs(10);
/// The head of a request in bytes.
const HEAD_BYTES: usize = 16 * 1024;
/// How long a connection is kept, so that clients that read slowly cannot occupy all of them.
const CONNECTION: Duration = Duration::from_secs(60);
/// How long a request may take that is open when its connection is to end.
const LAST_REQUEST: Duration = Duration::from_millis(500);
/// How long accepting pauses when it fails, such as for lack of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// An open listener and its connections.
#[derive(Debug)]
pub(crate) struct AdminListener {
    listener: TcpListener,
    connections: JoinSet<()>,
    /// The same, the oldest first.
    open: VecDeque<Connection>,
    /// Turns `true` when connections are to end.
    ending: watch::Sender<bool>,
}

/// An open connection.
#[derive(Debug)]
struct Connection {
    task: AbortHandle,
    /// Whether a request is being answered.
    busy: Arc<AtomicBool>,
}

impl AdminListener {
    /// Opens the listener, and says who may read what.
    pub(crate) async fn open(obs: &Obs) -> io::Result<Option<Self>> {
        let settings = &obs.settings().admin;
        let Some(addr) = settings.addr else { return Ok(None) };
        settings.check().map_err(|fault| io::Error::new(io::ErrorKind::InvalidInput, fault))?;
        let listener = TcpListener::bind(addr).await.map_err(|error| {
            io::Error::new(error.kind(), format!("OBS_ADMIN_ADDR={addr}: {error}"))
        })?;
        let readers = match (&settings.token, addr.ip().is_loopback()) {
            (Some(_), _) => "clients with the token; the probes to every client",
            (None, true) => "every client on this machine",
            (None, false) => "every client: OBS_ADMIN_PUBLIC is true and there is no token",
        };
        let paths: Vec<_> = Endpoints::of_admin(obs.settings()).into_iter().collect();
        let paths: Vec<_> = paths.iter().map(|(_, path)| *path).collect();
        if obs.0.installed {
            notice::info(&format!(
                "the admin listener {} exposes {} to {readers}",
                listener.local_addr()?,
                paths.join(" "),
            ));
        }
        Ok(Some(Self {
            listener,
            connections: JoinSet::new(),
            open: VecDeque::new(),
            ending: watch::Sender::new(false),
        }))
    }

    pub(crate) fn addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until the future is dropped. What it has begun goes on.
    pub(crate) async fn run(&mut self, obs: &Obs) {
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((io, _)) => self.add(io, obs),
                    Err(_) => sleep(PAUSE).await,
                },
                Some(_) = self.connections.join_next() => {
                    self.open.retain(|connection| !connection.task.is_finished());
                }
            }
        }
    }

    /// Serves a new connection, unless all that are open have a request.
    fn add(&mut self, io: TcpStream, obs: &Obs) {
        if self.open.len() >= MOST_CONNECTIONS {
            let idle = |connection: &Connection| !connection.busy.load(Ordering::Relaxed);
            let Some(oldest) = self.open.iter().position(idle) else { return };
            if let Some(oldest) = self.open.remove(oldest) {
                oldest.task.abort();
            }
        }
        let (ending, busy) = (self.ending.subscribe(), Arc::new(AtomicBool::new(false)));
        let admin = Admin { obs: obs.clone(), busy: Arc::clone(&busy) };
        let task = self.connections.spawn(serve(io, admin, ending));
        self.open.push_back(Connection { task, busy });
    }

    /// Accepts no more, and ends the connections with the requests they have begun.
    pub(crate) async fn end(self) {
        let Self { listener, mut connections, ending, .. } = self;
        drop(listener);
        ending.send_replace(true);
        let _ =
            timeout(LAST_REQUEST, async { while connections.join_next().await.is_some() {} }).await;
    }
}

async fn serve(io: TcpStream, admin: Admin, mut ending: watch::Receiver<bool>) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(io), admin);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // A client that leaves is no fault.
        _ = connection.as_mut() => return,
        _ = ending.wait_for(|ending| *ending) => {}
        () = sleep(CONNECTION) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(HEAD, connection).await;
}
