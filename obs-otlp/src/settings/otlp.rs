use std::time::Duration;

use obs_core::Secret;
use obs_core::config::{Reader, pairs};

use crate::endpoint;
use crate::target::{
    Compression, HistogramForm, MetricsTarget, OtlpTarget, Protocol, TemporalityPreference,
};

/// What `OTEL_EXPORTER_OTLP_…` says of all signals, or of one.
struct Variables {
    endpoint: Option<String>,
    protocol: Option<Protocol>,
    headers: Option<Vec<(String, Secret<String>)>>,
    timeout: Option<Duration>,
    compression: Option<Compression>,
}

/// Where spans and metrics go.
pub(super) fn read(reader: &mut Reader<'_>) -> (Option<OtlpTarget>, Option<MetricsTarget>) {
    let mut all = Variables::read(reader, "OTEL_EXPORTER_OTLP");
    let alias = url(reader, "OTEL_ENDPOINT");
    all.endpoint = all.endpoint.or(alias);
    (traces(reader, &all), metrics(reader, &all))
}

fn traces(reader: &mut Reader<'_>, all: &Variables) -> Option<OtlpTarget> {
    let words = [("otlp", true), ("none", false)];
    let wanted = reader.choice("OTEL_TRACES_EXPORTER", &words);
    let alias = reader.choice("OTEL_EXPORTER", &words);
    let own = Variables::read(reader, "OTEL_EXPORTER_OTLP_TRACES");
    own.target(all, "v1/traces").filter(|_| wanted.or(alias) != Some(false))
}

fn metrics(reader: &mut Reader<'_>, all: &Variables) -> Option<MetricsTarget> {
    let words = [("otlp", true), ("prometheus", false), ("none", false)];
    let wanted = reader.choice("OTEL_METRICS_EXPORTER", &words);
    let own = Variables::read(reader, "OTEL_EXPORTER_OTLP_METRICS");
    let interval = reader.millis("OTEL_METRIC_EXPORT_INTERVAL", 100..=3_600_000);
    let timeout = reader.millis("OTEL_METRIC_EXPORT_TIMEOUT", 1..=600_000);
    let temporality = reader.choice(
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
        &[
            ("cumulative", TemporalityPreference::Cumulative),
            ("delta", TemporalityPreference::Delta),
            ("lowmemory", TemporalityPreference::LowMemory),
        ],
    );
    let histograms = reader.choice(
        "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
        &[
            ("explicit_bucket_histogram", HistogramForm::Explicit),
            ("base2_exponential_bucket_histogram", HistogramForm::Exponential),
        ],
    );
    // Of all signals; who decides on spans says what is wrong with it.
    let disabled =
        reader.text("OTEL_SDK_DISABLED").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    // Pull is the main way: what is said of all signals is not enough for this one.
    let wanted = wanted.unwrap_or(own.endpoint.is_some()) && !disabled;
    let default = MetricsTarget::new(own.target(all, "v1/metrics")?);
    wanted.then(|| MetricsTarget {
        interval: interval.unwrap_or(default.interval),
        timeout: timeout.unwrap_or(default.timeout),
        temporality: temporality.unwrap_or(default.temporality),
        histograms: histograms.unwrap_or(default.histograms),
        ..default
    })
}

impl Variables {
    fn read(reader: &mut Reader<'_>, prefix: &str) -> Self {
        let name = |what: &str| format!("{prefix}_{what}");
        Self {
            endpoint: url(reader, &name("ENDPOINT")),
            protocol: reader.choice(
                &name("PROTOCOL"),
                &[("grpc", Protocol::Grpc), ("http/protobuf", Protocol::Http)],
            ),
            headers: headers(reader, &name("HEADERS")),
            timeout: reader.millis(&name("TIMEOUT"), 1..=600_000),
            compression: reader.choice(
                &name("COMPRESSION"),
                &[("gzip", Compression::Gzip), ("none", Compression::None)],
            ),
        }
    }

    /// What is said of one signal wins over what is said of `all`.
    fn target(self, all: &Self, path: &str) -> Option<OtlpTarget> {
        let protocol = self.protocol.or(all.protocol).unwrap_or_default();
        let of_all = || {
            all.endpoint.as_ref().map(|base| match protocol {
                Protocol::Http => format!("{}/{path}", base.trim_end_matches('/')),
                Protocol::Grpc => base.clone(),
            })
        };
        let default = OtlpTarget::new(self.endpoint.or_else(of_all)?, protocol);
        Some(OtlpTarget {
            headers: self.headers.or_else(|| all.headers.clone()).unwrap_or_default(),
            timeout: self.timeout.or(all.timeout).unwrap_or(default.timeout),
            compression: self.compression.or(all.compression).unwrap_or(default.compression),
            ..default
        })
    }
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
