//! Stopping: on SIGTERM or Ctrl-C the running requests are finished, for a while.

use std::{io, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, sync::watch, time::sleep};

const PATIENCE: Duration = Duration::from_secs(10);

/// Tells whether the service should stop.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// From here on a signal stops the service instead of killing it; first it calls `at_once`.
    ///
    /// # Errors
    ///
    /// The system does not allow to handle signals.
    pub fn on_signal(at_once: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        let (requested, stop) = watch::channel(false);
        let signal = signal()?;
        tokio::spawn(async move {
            signal.await;
            at_once();
            requested.send_replace(true);
        });
        Ok(Self(stop))
    }

    async fn requested(mut self) {
        // Fails if the runtime ends and takes the sender with it: a stop as well.
        let _ = self.0.wait_for(|requested| *requested).await;
    }
}

/// Serves until told to stop, then finishes what is running within 10 s.
///
/// # Errors
///
/// The listener is broken.
pub async fn serve(listener: TcpListener, app: Router, stop: Stop) -> io::Result<()> {
    let serving = axum::serve(listener, app).with_graceful_shutdown(stop.clone().requested());
    let out_of_patience = async {
        stop.requested().await;
        sleep(PATIENCE).await;
    };
    tokio::select! {
        served = serving => served,
        () = out_of_patience => Ok(()),
    }
}

#[cfg(unix)]
fn signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn signal() -> io::Result<impl Future<Output = ()>> {
    let mut ctrl_c = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        ctrl_c.recv().await;
    })
}
