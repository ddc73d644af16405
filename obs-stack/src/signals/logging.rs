use std::sync::Arc;
use std::thread;
use std::time::Duration;

use obs_logging::Logging;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::signal::{self, Assembly};

/// How long the drop of the last handle waits for the writer.
const LAST_HANDLE: Duration = Duration::from_millis(50);

pub(crate) type Signal = Logging;
pub(crate) type Observer = obs_logging::AccessLog;

impl signal::Signal for Signal {
    fn join(assembly: &mut Assembly<'_>) -> Self {
        let Assembly { settings, clock, .. } = *assembly;
        let logging = Logging::new(settings.logging.clone(), &settings.service, clock.clone());
        assembly.sources.push(Arc::new(logging.clone()));
        assembly.stack.logging = Some(logging.access_log());
        logging
    }

    async fn finish(&self, timeout: Duration) {
        signal::Signal::deliver(self, timeout).await;
    }

    async fn deliver(&self, timeout: Duration) -> bool {
        if Handle::try_current().is_err() {
            return Self::flush(self, timeout);
        }
        // A thread of its own: all threads of the runtime for blocking work may be busy, with calls
        // that hang. `flush` bounds the wait.
        let (logging, (done, flushed)) = (self.clone(), oneshot::channel());
        let thread = thread::Builder::new().name("obs-log-flush".into());
        match thread.spawn(move || done.send(logging.flush(timeout))) {
            Ok(_) => flushed.await.unwrap_or(false),
            Err(_) => Self::flush(self, timeout),
        }
    }

    fn deliver_blocking(&self, _: Duration) {
        let _ = Self::flush(self, LAST_HANDLE);
    }

    fn lost(&self) -> u64 {
        self.lost_lines()
    }
}
