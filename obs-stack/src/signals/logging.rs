use std::sync::Arc;
use std::time::Duration;

use obs_logging::Logging;

use super::signal::{self, Assembly};

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
        let logging = self.clone();
        let lines = tokio::task::spawn_blocking(move || logging.flush(timeout));
        // Bounded by `flush` itself; a runtime that is ending has nobody left to tell.
        let _ = lines.await;
    }
}
