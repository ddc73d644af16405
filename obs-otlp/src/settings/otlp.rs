use std::time::Duration;

use obs_core::Secret;
use obs_core::config::{Reader, pairs};

use crate::endpoint;
use crate::target::{
    Compression, HistogramForm, MetricsTarget, OtlpTarget, Protocol, TemporalityPreference,
};
use crate::trust;

/// What `OTEL_EXPORTER_OTLP_…` says of all signals, or of one.
struct Variables {
    endpoint: Endpoint,
    protocol: Option<Protocol>,
    headers: Option<Vec<(String, Secret<String>)>>,
    timeout: Option<Duration>,
    compression: Option<Compression>,
    authorities: Option<Vec<u8>>,
}

/// Where something goes.
#[derive(Clone)]
enum Endpoint {
    Unset,
    /// What this variable says cannot be used.
    Invalid(String),
    Url(String),
}

/// Where spans and metrics go.
pub(super) fn read(reader: &mut Reader<'_>) -> (Option<OtlpTarget>, Option<MetricsTarget>) {
    let mut all = Variables::read(reader, "OTEL_EXPORTER_OTLP");
    let alias = Endpoint::read(reader, "OTEL_ENDPOINT");
    all.endpoint = all.endpoint.or(alias);
    // What is wrong with it is said where it decides on spans.
    let disabled = reader.text("OTEL_SDK_DISABLED");
    let disabled = disabled.is_some_and(|text| text.eq_ignore_ascii_case("true"));
    (traces(reader, &all), metrics(reader, &all).filter(|_| !disabled))
}

fn traces(reader: &mut Reader<'_>, all: &Variables) -> Option<OtlpTarget> {
    let wanted = Exporters::read(reader, "OTEL_TRACES_EXPORTER", &["none"]);
    let alias = Exporters::read(reader, "OTEL_EXPORTER", &["none"]);
    let own = Variables::read(reader, "OTEL_EXPORTER_OTLP_TRACES");
    let wanted = wanted.or(alias).unwrap_or(Exporters { otlp: true, unknown: None });
    own.target(all, "v1/traces", "traces", wanted, reader)
}

fn metrics(reader: &mut Reader<'_>, all: &Variables) -> Option<MetricsTarget> {
    // They are pulled in any case, which is all that `prometheus` asks for.
    let wanted = Exporters::read(reader, "OTEL_METRICS_EXPORTER", &["prometheus", "none"]);
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
    // What is said of all signals is not enough for this one: metrics are pulled.
    let by_endpoint = !matches!(own.endpoint, Endpoint::Unset);
    let wanted = wanted.unwrap_or(Exporters { otlp: by_endpoint, unknown: None });
    let target = own.target(all, "v1/metrics", "metrics", wanted, reader)?;
    let default = MetricsTarget::new(target);
    Some(MetricsTarget {
        interval: interval.unwrap_or(default.interval),
        timeout: timeout.unwrap_or(default.timeout),
        temporality: temporality.unwrap_or(default.temporality),
        histograms: histograms.unwrap_or(default.histograms),
        ..default
    })
}

/// What `OTEL_…_EXPORTER` lists.
struct Exporters {
    otlp: bool,
    /// The variable, if it asks for an exporter that is not ours.
    unknown: Option<&'static str>,
}

impl Exporters {
    /// A list of `otlp` and of `others`, which need nothing to be done. An exporter that is not
    /// supported is a warning, and is not replaced by another one.
    fn read(reader: &mut Reader<'_>, variable: &'static str, others: &[&str]) -> Option<Self> {
        let text = reader.text(variable)?;
        let expected = format!("a list of otlp, {}", others.join(", "));
        let mut exporters = Self { otlp: false, unknown: None };
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            if name.eq_ignore_ascii_case("otlp") {
                exporters.otlp = true;
            } else if !others.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                if exporters.unknown.is_none() {
                    reader.part_fault(variable, &text, name, &expected);
                }
                exporters.unknown = Some(variable);
            }
        }
        Some(exporters)
    }
}

impl Endpoint {
    fn read(reader: &mut Reader<'_>, variable: &str) -> Self {
        let expected = "an http:// or https:// URL without credentials, query and fragment";
        if reader.text(variable).is_none() {
            return Self::Unset;
        }
        let url = |text: &str| endpoint::parse(text).map(|_| text.to_owned());
        match reader.parse(variable, expected, url) {
            Some(url) => Self::Url(url),
            None => Self::Invalid(variable.to_owned()),
        }
    }

    fn or(self, other: Self) -> Self {
        if matches!(self, Self::Unset) { other } else { self }
    }
}

impl Variables {
    fn read(reader: &mut Reader<'_>, prefix: &str) -> Self {
        let name = |what: &str| format!("{prefix}_{what}");
        Self {
            endpoint: Endpoint::read(reader, &name("ENDPOINT")),
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
            authorities: reader.parse(
                &name("CERTIFICATE"),
                "a file with a certificate of an authority, as PEM, of at most 1 MiB",
                trust::read,
            ),
        }
    }

    /// What is said of one signal wins over what is said of `all`. `None` if the signal does not go
    /// anywhere; if that is because of a variable that cannot be used, it is reported to the `reader`.
    fn target(
        self,
        all: &Self,
        path: &str,
        signal: &'static str,
        wanted: Exporters,
        reader: &mut Reader<'_>,
    ) -> Option<OtlpTarget> {
        let protocol = self.protocol.or(all.protocol).unwrap_or_default();
        let of_all = match (&all.endpoint, protocol) {
            (Endpoint::Url(base), Protocol::Http) => {
                Endpoint::Url(format!("{}/{path}", base.trim_end_matches('/')))
            }
            (endpoint, _) => endpoint.clone(),
        };
        let url = match (self.endpoint.or(of_all), wanted) {
            (Endpoint::Unset, _) | (_, Exporters { otlp: false, unknown: None }) => return None,
            (_, Exporters { otlp: false, unknown: Some(variable) }) => {
                reader.off(signal, variable);
                return None;
            }
            (Endpoint::Invalid(variable), _) => {
                reader.off(signal, &variable);
                return None;
            }
            (Endpoint::Url(url), _) => url,
        };
        let default = OtlpTarget::new(url, protocol);
        Some(OtlpTarget {
            headers: self.headers.or_else(|| all.headers.clone()).unwrap_or_default(),
            timeout: self.timeout.or(all.timeout).unwrap_or(default.timeout),
            compression: self.compression.or(all.compression).unwrap_or(default.compression),
            authorities: self.authorities.or_else(|| all.authorities.clone()).unwrap_or_default(),
            ..default
        })
    }
}

fn headers(reader: &mut Reader<'_>, variable: &str) -> Option<Vec<(String, Secret<String>)>> {
    let expected = "name=value pairs, separated by commas, values percent-encoded";
    let read = reader.parse(variable, expected, |text| {
        pairs(text).filter(|pairs| {
            pairs.iter().all(|(name, value)| endpoint::header(name, value).is_some())
        })
    })?;
    let mut headers: Vec<(String, Secret<String>)> = Vec::new();
    for (name, value) in read {
        // Of names that are the same for HTTP the last one counts.
        headers.retain(|(earlier, _)| !earlier.eq_ignore_ascii_case(&name));
        headers.push((name, Secret::new(value)));
    }
    Some(headers)
}
