/// A text format of the exposition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// [Prometheus text 0.0.4](https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format),
    /// the default.
    #[default]
    Text,
    /// [OpenMetrics 1.0.0](https://prometheus.io/docs/specs/om/open_metrics_spec/): also with units,
    /// exemplars, and since when a series counts.
    OpenMetrics,
}
