use std::fs;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use sentry_core::test::TestTransport;
use sentry_core::{ClientOptions, Hub, protocol};
use tempfile::TempDir;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

/// What the layers of the application write to, in place of a server each.
pub struct Theirs {
    sentry: Arc<TestTransport>,
    otel: SdkTracerProvider,
    spans: InMemorySpanExporter,
    folder: TempDir,
}

/// The name of the file that lines go to.
const FILE: &str = "app.log";

impl Theirs {
    /// Sets up sentry and OpenTelemetry as an application does that has them already.
    ///
    /// # Errors
    /// Without a temporary folder.
    pub fn new() -> Result<Self> {
        let sentry = TestTransport::new();
        let mut options = ClientOptions::default();
        options.dsn = Some("https://public@sentry.invalid/1".parse()?);
        options.transport = Some(Arc::new(Arc::clone(&sentry)));
        Hub::current().bind_client(Some(Arc::new(options.into())));
        let spans = InMemorySpanExporter::default();
        let otel = SdkTracerProvider::builder().with_simple_exporter(spans.clone()).build();
        Ok(Self { sentry, otel, spans, folder: tempfile::tempdir()? })
    }

    /// `tracing_opentelemetry`, with a tracer of the application's.
    pub fn otel<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + Send + Sync + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer().with_tracer(self.otel.tracer("app"))
    }

    /// A file that is written at once, with everything from DEBUG up.
    pub fn file<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let file = tracing_appender::rolling::never(self.folder.path(), FILE);
        let lines = tracing_subscriber::fmt::layer().with_writer(file).with_ansi(false);
        lines.with_filter(tracing_subscriber::filter::LevelFilter::DEBUG)
    }

    /// Whether all of them have seen what `work` does, whatever `RUST_LOG` says.
    ///
    /// # Errors
    /// With the first that has not.
    pub fn check(&self) -> Result<()> {
        let events = self.sentry.fetch_and_clear_events();
        ensure!(events.len() == 1, "sentry has one event: {events:?}");
        let event = &events[0];
        ensure!(event.message.as_deref() == Some("out of stock"), "{event:?}");
        let crumb = |crumb: &protocol::Breadcrumb| crumb.message.as_deref() == Some("order placed");
        ensure!(event.breadcrumbs.iter().any(crumb), "the event has the line before it: {event:?}");

        self.otel.force_flush().context("spans of the application's own tracer")?;
        let spans = self.spans.get_finished_spans()?;
        let place = spans.iter().find(|span| span.name == "place").context("no span `place`")?;
        let charge = spans.iter().find(|span| span.name == "charge").context("no span `charge`")?;
        ensure!(charge.parent_span_id == place.span_context.span_id(), "{spans:?}");

        let file = fs::read_to_string(self.folder.path().join(FILE))?;
        for text in ["order placed", "out of stock", "only in the file", "a record of log"] {
            ensure!(file.contains(text), "{text:?} is not in the file:\n{file}");
        }
        Ok(())
    }
}
