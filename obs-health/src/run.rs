use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::cause;
use crate::check::Probe;
use crate::reading::ErrorKind;

/// A run of a check in its own task; an error is its text, ready for the log.
pub(crate) type Run = JoinHandle<Result<(), String>>;

/// Runs a check once, within `limit`.
///
/// What still runs at the limit is aborted and stays in `running`, for the next call to wait for: a
/// check that blocks its thread cannot be aborted, and its runs must not pile up.
pub(crate) async fn once(
    probe: &Arc<Probe>,
    limit: Duration,
    running: &mut Option<Run>,
) -> Result<(), (ErrorKind, String)> {
    let attempt = async {
        if let Some(earlier) = running {
            let _ = earlier.await;
        }
        let ended = running.insert(spawn(probe.clone())).await;
        *running = None;
        ended
    };
    match timeout(limit, attempt).await {
        Ok(Ok(Ok(()))) => Ok(()),
        Ok(Ok(Err(cause))) => Err((ErrorKind::Error, cause)),
        Ok(Err(end)) if end.is_panic() => Err((ErrorKind::Panic, "the check panicked".to_owned())),
        Ok(Err(_)) => Err((ErrorKind::Error, "the check was cancelled".to_owned())),
        Err(_) => {
            if let Some(run) = running {
                run.abort();
            }
            let cause = format!("no result within {} ms", limit.as_millis());
            Err((ErrorKind::Timeout, cause))
        }
    }
}

/// Everything foreign, from the call to the error's text, happens in the task: it may panic.
fn spawn(probe: Arc<Probe>) -> Run {
    tokio::spawn(async move { probe().await.map_err(|error| cause::of(&*error)) })
}
