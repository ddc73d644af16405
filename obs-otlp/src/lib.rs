//! The export thread: spans and metrics by OTLP, error events by envelope, expositions to a push
//! gateway, out of byte-bounded queues.
//!
//! It knows nothing of what a signal means: [`obs_core::export`] has what it takes, and
//! [`obs_core::source`] what it reads. Whoever pushes never waits: one short lock, no I/O, no
//! allocation but the queue's own. Whoever is read is read on the thread.
//!
//! ```
//! use std::time::Duration;
//! use obs_core::config::Reader;
//! use obs_core::export::{SpanKind, SpanRecord};
//! use obs_core::{ServiceIdentity, SpanId, TraceFlags, TraceId};
//! use obs_otlp::{ExportSettings, Exporter};
//!
//! # let variables = |name: &str| match name {
//! #     "OTEL_EXPORTER_OTLP_ENDPOINT" => Some("http://127.0.0.1:1".to_owned()), // nothing listens there
//! #     _ => None,
//! # };
//! let mut reader = Reader::from_lookup(variables);          // `Reader::process()` in a service
//! let settings = ExportSettings::read(&mut reader);
//! let service = ServiceIdentity::read(&mut reader);
//! reader.finish()?;
//!
//! let exporter = Exporter::start(&settings, &service, None);
//! if let Some(spans) = exporter.spans() {                   // `None` without an endpoint
//!     spans.push(vec![SpanRecord {
//!         trace_id: TraceId::random(),
//!         span_id: SpanId::random(),
//!         parent: None,
//!         parent_is_remote: false,
//!         flags: TraceFlags::SAMPLED,
//!         trace_state: None,
//!         name: "GET /orders/{id}".into(),
//!         kind: SpanKind::Server,
//!         start: Duration::from_secs(1_767_225_600),
//!         end: Duration::from_secs(1_767_225_601),
//!         attributes: vec![("http.response.status_code".into(), 200.into())],
//!         dropped_attributes: 0,
//!         error: None,
//!     }]);
//! }
//! let end = exporter.shutdown(Duration::from_secs(5)).traces;
//! assert_eq!((end.accepted, end.written + end.dropped), (1, 1));
//! # Ok::<(), obs_core::config::ConfigError>(())
//! ```
//!
//! Metrics are read: `exporter.read_metrics(Arc::downgrade(&source))`, and for a push gateway
//! `exporter.push_exposition(move || Some(text()))`.
//!
//! # How it behaves
//!
//! | question | answer |
//! |---|---|
//! | Threads | one, `obs-export`, with a runtime of its own; none if there is nothing to export |
//! | Memory | [`queue_bytes`](ExportSettings::queue_bytes) for each signal, what is under way included, and as much again for differences of metrics; on top, one encoded batch of about 1 MiB, twice while it is compressed or repeated over gRPC |
//! | Full queue | the newest are dropped: all spans of an exchange, or none; of metrics, what a round reads beyond it |
//! | Batches | spans of [`interval`](ExportSettings::interval), or 1 MiB; error events one by one, at once; metrics of a round, in requests of up to 1 MiB; an exposition by itself |
//! | Rounds | metrics and expositions are read every [interval](MetricsTarget::interval), by a flush, and at the end; never while a round is under way |
//! | Tried again | no connection, no answer in time; HTTP 429 (not for error events), 502, 503, 504; gRPC `UNAVAILABLE` and the others that [OTLP](https://opentelemetry.io/docs/specs/otlp/#failures) names: five attempts for one batch |
//! | Pauses | 0.5 s, doubled with every failure up to 30 s, a quarter of jitter; at least what `Retry-After` or `RetryInfo` asks for, at most 10 minutes. They go on from batch to batch: a dead backend costs one attempt each 30 s |
//! | A round | is given up after [its timeout](MetricsTarget::timeout); a pause that would end later is not made |
//! | Error events | `429` and [`X-Sentry-Rate-Limits`](https://develop.sentry.dev/sdk/expected-features/rate-limiting/) for `error` or all: until then events are dropped as `rejected` |
//! | Partial success | what the collector rejects is counted as `rejected`, and not sent again |
//! | End | [`Exporter::shutdown`]: within its timeout and 10 ms, on any runtime and on none |
//! | Log | when a backend begins to fail and when it works again, at most once a minute; never a header's value, an answer's text or a URL's credentials |
//!
//! # Metrics
//!
//! | of Prometheus | in OTLP |
//! |---|---|
//! | name, help | name and description, as they are: `http_requests_total` |
//! | a name with `_seconds`, `_bytes`, `_ratio`, `_percent`, also before `_total` | unit `s`, `By`, `1`, `%`; else none |
//! | counter | monotonic sum; whole numbers beyond `i64` as double |
//! | gauge | gauge |
//! | histogram | histogram with explicit bounds; [exponential](HistogramForm::Exponential) instead where it has such buckets and they are asked for |
//! | exemplar | exemplar: `trace_id` and `span_id` are its ids, other labels its filtered attributes; not if it is older than the point's start |
//! | creation time | start time; else the time at which the exporter started |
//! | a family or, as a difference, a series shown twice in a round | the first; others are dropped as `rejected` |
//!
//! Differences, [`Delta`](TemporalityPreference::Delta), are made with what the collector has
//! *confirmed*: what a lost or refused request would have said is in the next one, so the counts of
//! `obs_export_dropped_total` are points, not observations that are lost. A series to which nothing has
//! come is not sent. If it is smaller than before, or created anew, all of it is new. Of a series that
//! is not shown for a while the confirmed numbers are kept as long as there is room; if there is none
//! for a new series, its points are dropped as `queue_full`. A request whose answer was lost may have
//! been taken: then the next one says it again.
//!
//! # Push gateway
//!
//! `PUT /metrics/job/JOB[/instance/INSTANCE]` replaces what the group had. Values other than letters,
//! digits and `-_.~` go in base64, as the gateway documents it. Errors are counted, and logged once. The
//! gateway keeps what it has until it is deleted, so it is for jobs that end, not for services.
//!
//! What the libraries below log or trace on that thread is discarded, since exporting it would make
//! more of it.
//!
//! # Emits
//!
//! | metric | type | labels | unit |
//! |---|---|---|---|
//! | `obs_export_accepted_total` | counter | `signal` | spans, error events handed over; points, expositions read |
//! | `obs_export_written_total` | counter | `signal` | confirmed by the backend |
//! | `obs_export_dropped_total` | counter | `signal`, `reason` | lost |
//! | `obs_export_queue_bytes` | gauge | `signal` | bytes waiting or under way |
//!
//! `signal` is `traces`, `errors`, `metrics` or `pushes`; `reason` is `queue_full`, `rejected`, `unreachable`, `timeout` or
//! `shutdown`. `accepted = written + dropped` and what is in the queue; after the shutdown that is
//! empty. A batch whose answer was lost may have been taken by the backend; it is sent again, and
//! counts as what its last attempt was.
//!
//! Spans and metrics carry the resource `service.name`, `service.version`, `service.instance.id` (new for each
//! exporter), `deployment.environment.name`, `telemetry.sdk.*` (name `obs`). Numbers beyond `i64`
//! are sent as text.
//!
//! # Environment
//!
//! `OTEL_EXPORTER_OTLP_TRACES_…` and `…_METRICS_…` win over `OTEL_EXPORTER_OTLP_…`, as the
//! [specification](https://opentelemetry.io/docs/specs/otel/protocol/exporter/) has it.
//!
//! [`ExportSettings`] names the variable of each setting, with its default and bounds; the reference of all variables
//! is `docs/reference/environment.md`.
//!
//! For `https` the authorities of the system are trusted, or those that `SSL_CERT_FILE` and
//! `SSL_CERT_DIR` name; for OTLP also those of the file that `OTEL_EXPORTER_OTLP_CERTIFICATE` names
//! (`OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE`, `OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE`).
//!
//! # Built on
//!
//! The messages of `opentelemetry-proto`, gRPC by `tonic`, both over one `hyper` client with rustls and
//! ring: 94 crates with everything, no reqwest, no OpenSSL, no aws-lc. Not on `opentelemetry-otlp`:
//! its exporter keeps the number of rejected spans, the status and `Retry-After` to itself, so that
//! what is lost could not be counted, and reads the environment on its own.
//!
//! # What it does not do
//!
//! No logs, no summaries, no `http/json`, no spool on disk, no proxies. Not supported yet:
//! client certificates, links and events of spans.
//! The default endpoint `localhost:4318` of the specification is not one here: without a variable
//! nothing is sent. After a `fork` the child has no export thread.

mod backend;
mod backoff;
mod client;
mod counts;
mod endpoint;
mod envelope;
mod exporter;
mod gateway;
mod inputs;
mod metrics;
mod news;
mod otlp;
mod outlets;
mod pipeline;
mod queue;
mod quiet;
mod reason;
mod retry_after;
mod rounds;
mod settings;
mod signal;
mod sinks;
mod source;
mod target;
mod thread;
mod trust;

pub use self::counts::{Counts, Flushed};
pub use self::exporter::Exporter;
pub use self::settings::ExportSettings;
pub use self::target::{
    Compression, EnvelopeTarget, HistogramForm, MetricsTarget, OtlpTarget, Protocol, PushTarget,
    TemporalityPreference,
};
