use std::convert::Infallible;

use anyhow::{Result, ensure};
use obs_axum::Obs;
use tracing_error::{SpanTrace, SpanTraceStatus};

/// A job with spans in one another, events of three levels and a record of the `log` crate, while the
/// application's `ErrorLayer` is asked where it is. Everything is delivered when it returns.
///
/// # Errors
/// If `ErrorLayer` does not know the spans.
pub fn work(obs: &Obs) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut trace = None;
        let job = obs.job("import", async {
            let _place = tracing::info_span!("place", order = 42).entered();
            tracing::info!(items = 3, "order placed");
            let _charge = tracing::info_span!("charge").entered();
            trace = Some(SpanTrace::capture());
            tracing::debug!("only in the file");
            log::info!(target: "sqlx::query", "a record of log");
            tracing::error!("out of stock");
            Ok::<_, Infallible>(())
        });
        let _ = job.await;
        obs.finish().await;
        let trace = trace.unwrap_or_else(SpanTrace::capture);
        let text = trace.to_string();
        ensure!(trace.status() == SpanTraceStatus::CAPTURED, "{text}");
        ensure!(text.contains("charge") && text.contains("place"), "{text}");
        Ok(())
    })
}
