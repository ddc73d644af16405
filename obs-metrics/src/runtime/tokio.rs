use std::sync::OnceLock;

use obs_core::source::{Collector, Family, Kind, Source, Value};
use tokio::runtime::{Handle, RuntimeMetrics};

use super::one;

/// One tokio runtime: how many tasks there are, and how busy its workers are. Nothing before
/// [`watch`](Self::watch).
///
/// Of a service with several runtimes, such as one of actix-web, whose workers have one each, it shows
/// the one it was given.
#[derive(Debug, Default)]
pub struct TokioMetrics(OnceLock<Handle>);

impl TokioMetrics {
    /// No runtime yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Shows the runtime of `handle` from now on. Only the first one counts.
    pub fn watch(&self, handle: Handle) {
        let _ = self.0.set(handle);
    }
}

impl Source for TokioMetrics {
    fn collect(&self, out: &mut dyn Collector) {
        let Some(runtime) = self.0.get().map(Handle::metrics) else { return };
        let mut gauge = |name, help, value: usize| {
            one(out, name, Kind::Gauge, help, Some(Value::Integer(value as u64)));
        };
        gauge("tokio_workers", "Worker threads of the runtime.", runtime.num_workers());
        gauge("tokio_alive_tasks", "Tasks that have not ended.", runtime.num_alive_tasks());
        gauge(
            "tokio_global_queue_depth",
            "Tasks that are ready and wait for a worker in the global queue.",
            runtime.global_queue_depth(),
        );
        workers(&runtime, out);
    }
}

#[cfg(target_has_atomic = "64")]
fn workers(runtime: &RuntimeMetrics, out: &mut dyn Collector) {
    let mut counter = |name, help, value: &dyn Fn(usize) -> Value<'static>| {
        out.family(&Family::new(name, Kind::Counter, help));
        for worker in 0..runtime.num_workers() {
            out.sample(&[("worker", &worker.to_string())], value(worker));
        }
    };
    counter(
        "tokio_worker_busy_seconds_total",
        "Time in which the worker was not parked: it ran tasks or looked for some.",
        &|worker| Value::Float(runtime.worker_total_busy_duration(worker).as_secs_f64()),
    );
    counter("tokio_worker_parks_total", "How often the worker has gone to sleep.", &|worker| {
        Value::Integer(runtime.worker_park_count(worker))
    });
}

#[cfg(not(target_has_atomic = "64"))]
fn workers(_: &RuntimeMetrics, _: &mut dyn Collector) {}
