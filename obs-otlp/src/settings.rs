use std::time::Duration;

use obs_core::Secret;
use obs_core::config::{Reader, pairs};

use crate::endpoint;
use crate::target::{Compression, OtlpTarget, Protocol};

/// What is exported, and how much memory waiting may take. The default exports nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportSettings {
    /// Where spans go. Default `None`: nowhere.
    ///
    /// `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, else `OTEL_EXPORTER_OTLP_ENDPOINT`, else
    /// `OTEL_ENDPOINT`; `None` if none of them is set or `OTEL_TRACES_EXPORTER` is `none`.
    pub traces: Option<OtlpTarget>,
    /// How many bytes of each signal may wait or be under way; what comes on top is dropped and
    /// counted.
    ///
    /// Default 16 MiB; `OBS_EXPORT_QUEUE_BYTES`, 65536 to 1073741824.
    pub queue_bytes: usize,
    /// How long spans wait for others to be sent with. A megabyte is sent at once.
    ///
    /// Default 1 s; `OBS_EXPORT_INTERVAL_MS`, 10 to 60000. Error events do not wait.
    pub interval: Duration,
}

impl Default for ExportSettings {
    fn default() -> Self {
        Self { traces: None, queue_bytes: 16 << 20, interval: Duration::from_secs(1) }
    }
}

impl ExportSettings {
    /// The environment's settings, with the defaults for what it does not set. Faults are noted in
    /// the `reader`, also those of variables that have no effect.
    #[must_use]
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let default = Self::default();
        Self {
            traces: traces(reader),
            queue_bytes: queue_bytes(reader).unwrap_or(default.queue_bytes),
            interval: reader
                .millis("OBS_EXPORT_INTERVAL_MS", 10..=60_000)
                .unwrap_or(default.interval),
        }
    }
}

fn queue_bytes(reader: &mut Reader<'_>) -> Option<usize> {
    reader.parse("OBS_EXPORT_QUEUE_BYTES", "a whole number of bytes, 65536 to 1073741824", |text| {
        text.parse().ok().filter(|bytes| (1 << 16..=1 << 30).contains(bytes))
    })
}

fn traces(reader: &mut Reader<'_>) -> Option<OtlpTarget> {
    let wanted = first(reader, ["OTEL_TRACES_EXPORTER", "OTEL_EXPORTER"], |reader, variable| {
        reader.choice(variable, &[("otlp", true), ("none", false)])
    });
    let protocol = of_signal(reader, "PROTOCOL", |reader, variable| {
        reader.choice(variable, &[("grpc", Protocol::Grpc), ("http/protobuf", Protocol::Http)])
    })
    .unwrap_or_default();
    let headers = of_signal(reader, "HEADERS", headers).unwrap_or_default();
    let timeout =
        of_signal(reader, "TIMEOUT", |reader, variable| reader.millis(variable, 1..=600_000));
    let compression = of_signal(reader, "COMPRESSION", |reader, variable| {
        reader.choice(variable, &[("gzip", Compression::Gzip), ("none", Compression::None)])
    });
    let exact = url(reader, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    let generic = first(reader, ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_ENDPOINT"], url);
    let endpoint = exact.or_else(|| {
        generic.map(|base| match protocol {
            Protocol::Http => format!("{}/v1/traces", base.trim_end_matches('/')),
            Protocol::Grpc => base,
        })
    })?;
    let default = OtlpTarget::new(endpoint, protocol);
    (wanted != Some(false)).then(|| OtlpTarget {
        headers,
        timeout: timeout.unwrap_or(default.timeout),
        compression: compression.unwrap_or(default.compression),
        ..default
    })
}

/// The first of two variables that is set wins; both are read, so that the faults of both show.
fn first<T>(
    reader: &mut Reader<'_>,
    variables: [&str; 2],
    read: impl Fn(&mut Reader<'_>, &str) -> Option<T>,
) -> Option<T> {
    let [one, other] = variables.map(|variable| read(reader, variable));
    one.or(other)
}

/// The signal's own variable, else the one of all signals.
fn of_signal<T>(
    reader: &mut Reader<'_>,
    what: &str,
    read: impl Fn(&mut Reader<'_>, &str) -> Option<T>,
) -> Option<T> {
    let own = format!("OTEL_EXPORTER_OTLP_TRACES_{what}");
    first(reader, [&own, &format!("OTEL_EXPORTER_OTLP_{what}")], read)
}

fn url(reader: &mut Reader<'_>, variable: &str) -> Option<String> {
    let allowed = "an http:// or https:// URL without credentials, query and fragment";
    reader.parse(variable, allowed, |text| endpoint::parse(text).map(|_| text.to_owned()))
}

fn headers(reader: &mut Reader<'_>, variable: &str) -> Option<Vec<(String, Secret<String>)>> {
    let allowed = "name=value pairs, separated by commas, values percent-encoded";
    let read = reader.parse(variable, allowed, |text| {
        pairs(text).filter(|pairs| {
            pairs.iter().all(|(name, value)| endpoint::header(name, value).is_some())
        })
    })?;
    Some(read.into_iter().map(|(name, value)| (name, Secret::new(value))).collect())
}
