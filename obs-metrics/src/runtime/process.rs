use obs_core::source::{Collector, Source};

/// The process itself, as the operating system sees it, under the
/// [names](https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics) that all client
/// libraries of Prometheus have for it. Read from `/proc` with every scrape.
///
/// What cannot be read is left out; on other systems than Linux that is everything.
#[derive(Debug, Default)]
pub struct ProcessMetrics {
    #[cfg(target_os = "linux")]
    linux: linux::Process,
}

impl ProcessMetrics {
    /// The process that calls it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Source for ProcessMetrics {
    #[cfg(target_os = "linux")]
    fn collect(&self, out: &mut dyn Collector) {
        self.linux.collect(out);
    }

    #[cfg(not(target_os = "linux"))]
    fn collect(&self, _: &mut dyn Collector) {}
}

#[cfg(target_os = "linux")]
mod linux {
    use obs_core::source::{Collector, Kind, Value};
    use procfs::process::{self, LimitValue};

    use crate::runtime::one;

    #[derive(Debug)]
    pub(super) struct Process {
        /// Seconds since the Unix epoch. It does not change.
        start: Option<f64>,
    }

    #[allow(clippy::cast_precision_loss, reason = "hundredths of seconds, for millennia")]
    fn seconds(ticks: u64) -> f64 {
        ticks as f64 / procfs::ticks_per_second() as f64
    }

    #[allow(clippy::cast_precision_loss, reason = "seconds, for millennia")]
    fn start() -> Option<f64> {
        let stat = process::Process::myself().and_then(|process| process.stat()).ok()?;
        Some(procfs::boot_time_secs().ok()? as f64 + seconds(stat.starttime))
    }

    impl Default for Process {
        fn default() -> Self {
            Self { start: start() }
        }
    }

    impl Process {
        pub(super) fn collect(&self, out: &mut dyn Collector) {
            let Ok(process) = process::Process::myself() else { return };
            let stat = process.stat().ok();
            let of =
                |value: fn(&process::Stat) -> u64| stat.as_ref().map(value).map(Value::Integer);
            one(
                out,
                "process_cpu_seconds_total",
                Kind::Counter,
                "User and system CPU time spent.",
                stat.as_ref().map(|stat| Value::Float(seconds(stat.utime + stat.stime))),
            );
            one(
                out,
                "process_resident_memory_bytes",
                Kind::Gauge,
                "Resident memory.",
                of(|stat| stat.rss.saturating_mul(procfs::page_size())),
            );
            one(
                out,
                "process_virtual_memory_bytes",
                Kind::Gauge,
                "Virtual memory.",
                of(|stat| stat.vsize),
            );
            let threads = of(|stat| stat.num_threads.try_into().unwrap_or(0));
            one(out, "process_threads", Kind::Gauge, "Threads of the process.", threads);
            let open = process.fd_count().ok().map(|open| Value::Integer(open as u64));
            one(out, "process_open_fds", Kind::Gauge, "Open file descriptors.", open);
            let most =
                process.limits().ok().and_then(|limits| match limits.max_open_files.soft_limit {
                    LimitValue::Value(most) => Some(Value::Integer(most)),
                    LimitValue::Unlimited => None,
                });
            one(out, "process_max_fds", Kind::Gauge, "File descriptors that may be open.", most);
            one(
                out,
                "process_start_time_seconds",
                Kind::Gauge,
                "When the process started, in seconds since the Unix epoch.",
                self.start.map(Value::Float),
            );
        }
    }
}
