//! A registry of the crate [prometheus-client](prometheus_client), served with our metrics.
//!
//! ```
//! use std::sync::Arc;
//!
//! use obs_core::ServiceIdentity;
//! use obs_metrics::interop::prometheus_client::RegistrySource;
//! use obs_metrics::{Format, Metrics, MetricsSettings};
//! use prometheus_client::metrics::counter::Counter;
//! use prometheus_client::registry::Registry;
//!
//! let mut registry = Registry::default();
//! let orders = Counter::<u64>::default();
//! registry.register("orders", "Orders placed", orders.clone());
//! orders.inc();
//!
//! let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
//! metrics.add_source(Arc::new(RegistrySource::new(Arc::new(registry))));
//! assert!(metrics.render(Format::Text).contains("\norders_total 1\n"));
//! ```

mod native;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use obs_core::notice;
use obs_core::source::{
    Collector, Exemplar, Family, Histogram, Kind, LabelSet, Sample, Source, Value,
};
use prometheus_client::encoding::prometheus_protobuf::{encode, prometheus_data_model as model};
use prometheus_client::registry::Registry;

/// Since the Unix epoch; the type of such a time is not exported.
macro_rules! time {
    ($at:expr) => {
        $at.as_ref().and_then(|at| {
            Some(Duration::new(at.seconds.try_into().ok()?, at.nanos.try_into().ok()?))
        })
    };
}

/// Shows what a registry has, in every format: counters, gauges, histograms (classic and native),
/// info metrics as gauges, exemplars.
///
/// Label values are escaped by us. What our formats cannot carry is counted in
/// `obs_series_dropped_total`: such as a histogram whose sum is negative or not finite, or a family whose
/// name is taken. Native buckets of negative
/// observations are left out. A label set that fails to encode costs the whole registry: it is reported
/// once and counted in `obs_registry_errors_total`.
#[derive(Debug)]
pub struct RegistrySource {
    registry: Arc<Registry>,
    errors: AtomicU64,
}

impl RegistrySource {
    /// A source for [`Metrics::add_source`](crate::Metrics::add_source).
    #[must_use]
    pub fn new(registry: Arc<Registry>) -> Self {
        Self { registry, errors: AtomicU64::new(0) }
    }

    fn failed(&self) {
        if self.errors.fetch_add(1, Ordering::Relaxed) == 0 {
            notice::warn(
                "a registry of prometheus-client cannot be shown: one of its label sets or values \
                 fails to encode; obs_registry_errors_total counts how often, only the first is logged",
            );
        }
    }
}

impl Source for RegistrySource {
    fn collect(&self, out: &mut dyn Collector) {
        // Typed, not its text: that does not escape.
        match encode(&self.registry) {
            Ok(families) => show(&families, out),
            Err(_) => self.failed(),
        }
        let errors = self.errors.load(Ordering::Relaxed);
        if errors > 0 {
            out.family(&Family::new(
                "obs_registry_errors_total",
                Kind::Counter,
                "Scrapes without the registry of prometheus-client: it failed to encode.",
            ));
            out.sample(&[], Value::Integer(errors));
        }
    }
}

/// Sub-registries with labels of their own have families of the same name: they are one.
fn show(families: &[model::MetricFamily], out: &mut dyn Collector) {
    for (index, family) in families.iter().enumerate() {
        let same = |other: &&model::MetricFamily| {
            (&other.name, other.r#type) == (&family.name, family.r#type)
        };
        if families[..index].iter().any(|earlier| same(&earlier)) {
            continue;
        }
        let kind = match family.r#type() {
            model::MetricType::Counter => Kind::Counter,
            model::MetricType::Histogram => Kind::Histogram,
            _ => Kind::Gauge,
        };
        out.family(&Family::new(&family.name, kind, &family.help).with_unit(&family.unit));
        for metric in families[index..].iter().filter(same).flat_map(|family| &family.metric) {
            series(metric, out);
        }
    }
}

fn series(metric: &model::Metric, out: &mut dyn Collector) {
    let pairs = pairs(&metric.label);
    let labels = LabelSet::new(&pairs);
    let mut show = |sample: &Sample<'_>| match &labels {
        Ok(labels) => out.series(labels, sample),
        // Dropped and counted where the labels are read.
        Err(_) => out.sample(&pairs, sample.value),
    };
    if let Some(histogram) = &metric.histogram {
        return self::histogram(histogram, &mut show);
    }
    let counter = metric.counter.as_ref();
    let value = counter.map(|counter| counter.value);
    let value = value.or_else(|| metric.gauge.as_ref().map(|gauge| gauge.value));
    let value = value.or_else(|| metric.untyped.as_ref().map(|untyped| untyped.value));
    let exemplar = counter.and_then(|counter| exemplar(0, counter.exemplar.as_ref()?));
    let created = counter.and_then(|counter| time!(counter.start_timestamp));
    show(&Sample {
        value: Value::Float(value.unwrap_or(f64::NAN)),
        created,
        exemplars: exemplar.as_slice(),
        native: None,
    });
}

fn histogram(histogram: &model::Histogram, show: &mut dyn FnMut(&Sample<'_>)) {
    // Without the last, +Inf: a native histogram has no buckets at all.
    let finite = |bucket: &&model::Bucket| bucket.upper_bound.is_finite();
    let buckets: Vec<_> = histogram.bucket.iter().take_while(finite).collect();
    let bounds: Vec<_> = buckets.iter().map(|bucket| bucket.upper_bound).collect();
    let mut below = 0;
    let totals = buckets.iter().map(|bucket| bucket.cumulative_count);
    let counts: Vec<_> = totals
        .chain([histogram.sample_count])
        .map(|total| {
            let count = total.saturating_sub(below);
            below = total;
            count
        })
        .collect();
    let exemplars = histogram.bucket.iter().enumerate();
    let exemplars: Vec<_> =
        exemplars.filter_map(|(at, bucket)| exemplar(at, bucket.exemplar.as_ref()?)).collect();
    let native = native::Dense::of(histogram);
    let sum = histogram.sample_sum;
    show(&Sample {
        value: Value::Histogram(Histogram { bounds: &bounds, counts: &counts, sum }),
        created: time!(histogram.start_timestamp),
        exemplars: &exemplars,
        native: native.as_ref().map(native::Dense::as_native),
    });
}

fn exemplar(bucket: usize, exemplar: &model::Exemplar) -> Option<Exemplar> {
    let at = time!(exemplar.timestamp).unwrap_or_default();
    let labels = LabelSet::new(&pairs(&exemplar.label)).ok()?;
    Some(Exemplar { bucket, labels, value: exemplar.value, at })
}

fn pairs(labels: &[model::LabelPair]) -> Vec<(&str, &str)> {
    labels.iter().map(|pair| (&*pair.name, &*pair.value)).collect()
}
