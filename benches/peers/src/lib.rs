//! The same operations with one library or another. `cargo xtask full peers` runs them.
//!
//! Each library is used as its own documentation does it, and as cheaply as its API allows: series
//! are looked up by borrowed text where that is possible, buffers are used again.

mod measured;
mod metrics;
mod prometheus;
mod prometheus_client;

use std::str::FromStr;

use obs_store_benches::{Bench, Operation};

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    /// obs-metrics.
    Obs,
    /// prometheus-client, of the Prometheus project.
    PrometheusClient,
    /// prometheus, of TiKV.
    Prometheus,
    /// metrics, with metrics-exporter-prometheus.
    Metrics,
    /// measured, with lasso for labels of any text.
    Measured,
}

impl Library {
    /// All libraries, in the order of the tables.
    pub const ALL: [Self; 5] =
        [Self::Obs, Self::PrometheusClient, Self::Prometheus, Self::Metrics, Self::Measured];

    /// The name on the command line and in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Obs => "obs",
            Self::PrometheusClient => "prometheus-client",
            Self::Prometheus => "prometheus",
            Self::Metrics => "metrics",
            Self::Measured => "measured",
        }
    }

    /// An operation, ready to run. `None` if the library has no such thing.
    #[must_use]
    pub fn bench(self, operation: Operation) -> Option<Bench> {
        match (self, operation) {
            (Self::Obs, _) => obs_store_benches::bench(operation),
            (_, Operation::EncodeCounters1k) => self.counters(1000),
            (_, Operation::EncodeCounters10k) => self.counters(10_000),
            (_, Operation::EncodeHistograms1k) => self.histograms(1000),
            (Self::PrometheusClient, _) => prometheus_client::bench(operation),
            (Self::Prometheus, _) => prometheus::bench(operation),
            (Self::Metrics, _) => metrics::bench(operation),
            (Self::Measured, _) => measured::bench(operation),
        }
    }

    /// So many counters with three labels of any text, to be encoded.
    #[must_use]
    pub fn counters(self, count: usize) -> Option<Bench> {
        match self {
            Self::Obs => Some(obs_store_benches::counters(count)),
            Self::PrometheusClient => Some(prometheus_client::counters(count)),
            Self::Prometheus => Some(prometheus::counters(count)),
            Self::Metrics => Some(metrics::counters(count)),
            Self::Measured => Some(measured::counters(count)),
        }
    }

    /// So many histograms with three labels of any text, to be encoded.
    #[must_use]
    pub fn histograms(self, count: usize) -> Option<Bench> {
        match self {
            Self::Obs => Some(obs_store_benches::histograms(count)),
            Self::PrometheusClient => Some(prometheus_client::histograms(count)),
            Self::Prometheus => Some(prometheus::histograms(count)),
            Self::Metrics => Some(metrics::histograms(count)),
            Self::Measured => Some(measured::histograms(count)),
        }
    }
}

impl FromStr for Library {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let library = Self::ALL.into_iter().find(|library| library.name() == name);
        library.ok_or_else(|| format!("no library is called {name:?}: see --list"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_every_library_leaves_what_it_should() {
        for library in Library::ALL {
            for operation in Operation::ALL {
                let Some(bench) = library.bench(operation) else { continue };
                bench.run(2);
                let (library, operation_name) = (library.name(), operation.name());
                assert_eq!(bench.seen(), operation.expected(2), "{operation_name} of {library}");
            }
        }
    }
}
