use std::sync::Arc;
use std::time::Duration;

use obs_logging::Logging;
use tokio::runtime::Handle;

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
        let Ok(runtime) = Handle::try_current() else { return Self::flush(self, timeout) };
        let logging = self.clone();
        let lines = runtime.spawn_blocking(move || logging.flush(timeout));
        // Bounded by `flush` itself. A runtime that is shutting down runs nothing any more.
        lines.await.unwrap_or(false)
    }

    fn deliver_blocking(&self, _: Duration) {
        let _ = Self::flush(self, LAST_HANDLE);
    }

    fn lost(&self) -> u64 {
        self.lost_lines()
    }
}
