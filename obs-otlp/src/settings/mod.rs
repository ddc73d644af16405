mod otlp;
mod push;

use std::ops::RangeInclusive;
use std::time::Duration;

use obs_core::config::Reader;

use crate::target::{MetricsTarget, OtlpTarget, PushTarget};

/// What is exported, and how much memory waiting may take. The default exports nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportSettings {
    /// Where spans go. Default `None`: nowhere.
    ///
    /// `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, else `OTEL_EXPORTER_OTLP_ENDPOINT`, else
    /// `OTEL_ENDPOINT`; `None` if none of them is set, if the first one that is set cannot be used, or
    /// if `OTEL_TRACES_EXPORTER` does not list `otlp`.
    pub traces: Option<OtlpTarget>,
    /// Where metrics go, besides being pulled. Default `None`: nowhere.
    ///
    /// `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`, else, if `OTEL_METRICS_EXPORTER` is `otlp`,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_ENDPOINT`; `None` if it is `none` or `prometheus`.
    pub metrics: Option<MetricsTarget>,
    /// The gateway that metrics are pushed to. Default `None`: to none. `OBS_PUSHGATEWAY_URL`.
    pub push: Option<PushTarget>,
    /// How many bytes of each signal may wait or be under way; what comes on top is dropped and
    /// counted. As much again is for what differences of metrics are made with.
    ///
    /// A round of metrics may be larger: it is read at once, and leaves in requests that fit, one
    /// after the other. Only a point that alone does not fit is dropped.
    ///
    /// Default 16 MiB; `OBS_EXPORT_QUEUE_BYTES`, 65536 to 1073741824.
    pub queue_bytes: usize,
    /// How long spans wait for others to be sent with. A megabyte is sent at once.
    ///
    /// Default 1 s; `OBS_EXPORT_INTERVAL_MS`, else `OTEL_BSP_SCHEDULE_DELAY`, 10 to 60000. Error events
    /// do not wait.
    pub interval: Duration,
}

/// How long spans may wait for others, in milliseconds.
const INTERVAL: RangeInclusive<u64> = 10..=60_000;

impl Default for ExportSettings {
    fn default() -> Self {
        Self {
            traces: None,
            metrics: None,
            push: None,
            queue_bytes: 16 << 20,
            interval: Duration::from_secs(1),
        }
    }
}

impl ExportSettings {
    /// The environment's settings, with the defaults for what it does not set. Faults are noted in
    /// the `reader`, also those of variables that have no effect.
    #[must_use]
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let default = Self::default();
        let (traces, metrics) = otlp::read(reader);
        let standard_interval = reader.millis("OTEL_BSP_SCHEDULE_DELAY", INTERVAL);
        Self {
            traces,
            metrics,
            push: push::read(reader),
            queue_bytes: queue_bytes(reader).unwrap_or(default.queue_bytes),
            interval: reader
                .millis("OBS_EXPORT_INTERVAL_MS", INTERVAL)
                .or(standard_interval)
                .unwrap_or(default.interval),
        }
    }
}

fn queue_bytes(reader: &mut Reader<'_>) -> Option<usize> {
    reader.parse("OBS_EXPORT_QUEUE_BYTES", "a whole number of bytes, 65536 to 1073741824", |text| {
        text.parse().ok().filter(|bytes| (1 << 16..=1 << 30).contains(bytes))
    })
}
