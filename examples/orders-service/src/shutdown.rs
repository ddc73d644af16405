//! Stopping: on SIGTERM or Ctrl-C the running requests are finished, for a while.

use std::{future::pending, io, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, signal, time::sleep};

use crate::events::Events;

const PATIENCE: Duration = Duration::from_secs(10);

/// Serves until told to stop, then finishes what is running within 10 s.
///
/// # Errors
///
/// The listener is broken.
pub async fn serve(listener: TcpListener, app: Router) -> io::Result<()> {
    let serving = axum::serve(listener, app).with_graceful_shutdown(requested());
    let out_of_patience = async {
        requested().await;
        sleep(PATIENCE).await;
    };
    tokio::select! {
        served = serving => served,
        () = out_of_patience => Ok(()),
    }
}

/// Ends the streams of events when the service is told to stop; everything else ends by itself.
pub async fn end_streams(events: Events) {
    requested().await;
    events.close();
}

async fn requested() {
    tokio::select! {
        () = interrupted() => {}
        () = terminated() => {}
    }
}

async fn interrupted() {
    if signal::ctrl_c().await.is_err() {
        // No handler could be installed: the default one ends the process.
        pending().await
    }
}

#[cfg(unix)]
async fn terminated() {
    match signal::unix::signal(signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
        }
        Err(_) => pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    pending().await
}
