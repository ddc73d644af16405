//! A span with a line in it, through the subscriber that `install` sets: with our layers only, and with a
//! layer of the application's beside them.

use std::sync::Arc;

use obs_core::spans::SpanLayer;
use obs_core::{Clock, ServiceIdentity};
use obs_logging::{Format, Logging, LoggingSettings};
use obs_metrics::{Metrics, MetricsSettings};
use tracing::Dispatch;
use tracing_subscriber::layer::{Identity, SubscriberExt as _};
use tracing_subscriber::{Layer, Registry, registry};

use crate::Drive;
use crate::produced::Produced;

/// `beside` a layer that does nothing by itself.
pub(crate) fn spans(beside: bool) -> (Drive, Produced) {
    let (service, clock) = (ServiceIdentity::default(), Clock::system());
    let mut settings = LoggingSettings::default();
    settings.format = Format::Json;
    let output = Box::new(std::io::sink());
    let logging = Logging::with_output(settings, &service, clock.clone(), output);
    let spans = SpanLayer::new(clock, None);
    let dispatch = if beside {
        let theirs: Vec<Box<dyn Layer<Registry> + Send + Sync>> = vec![Box::new(Identity::new())];
        let ours = spans.and_then(logging.layer()).with_filter(logging.filter());
        Dispatch::new(registry().with(theirs).with(ours))
    } else {
        Dispatch::new(registry().with(spans).with(logging.layer()).with(logging.filter()))
    };
    let metrics = Arc::new(Metrics::new(&MetricsSettings::default(), &service));
    metrics.add_source(Arc::new(logging.clone()));
    let drive = move |_: &_, count| {
        tracing::dispatcher::with_default(&dispatch, || (0..count).for_each(placed));
    };
    (Box::new(drive), Produced::Lines { metrics, logging })
}

fn placed(order: u32) {
    let _span = tracing::info_span!("place", order).entered();
    tracing::info!(items = 3, "order placed");
}
