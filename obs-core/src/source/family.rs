//! What a metric family is: its name, kind, help text and unit.

use std::borrow::Cow;

use super::units;

/// The name, kind, help text and unit of a metric family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Family<'a> {
    /// The Prometheus name, with the unit suffix and, for counters, `_total`.
    pub name: &'a str,
    /// What kind of family it is.
    pub kind: Kind,
    /// One sentence for a reader of the metric.
    pub help: &'a str,
    /// As declared; empty if none was.
    unit: &'a str,
}

/// The kind of a metric family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Only goes up.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Observations in buckets.
    Histogram,
}

impl<'a> Family<'a> {
    /// A family without a declared unit: its Prometheus name, with the unit suffix and, for
    /// counters, `_total`; its kind; and one sentence for a reader of the metric.
    #[must_use]
    pub const fn new(name: &'a str, kind: Kind, help: &'a str) -> Self {
        Self { name, kind, help, unit: "" }
    }

    /// Declares the unit: a word such as `seconds`, `bytes` or `bdt`. Empty: none is declared.
    ///
    /// OTLP has every unit. OpenMetrics and Prometheus' protobuf have a unit only if the name ends
    /// in it (of a counter, the name before `_total`), as
    /// [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/#unit) requires.
    ///
    /// ```
    /// use obs_core::source::{Family, Kind};
    ///
    /// let balance = Family::new("balance_bdt", Kind::Gauge, "Money in the account.").with_unit("bdt");
    /// assert_eq!((balance.unit(), &*balance.ucum_unit()), (Some("bdt"), "{bdt}"));
    /// ```
    #[must_use]
    pub const fn with_unit(self, unit: &'a str) -> Self {
        Self { unit, ..self }
    }

    /// The declared unit. Without one, the unit that the name ends in, such as the `seconds` of
    /// `wait_seconds` or `cpu_seconds_total`, if it is a common unit.
    #[must_use]
    pub fn unit(&self) -> Option<&'a str> {
        if self.unit.is_empty() { units::unit_of(self.name) } else { Some(self.unit) }
    }

    /// The [unit](Self::unit) as OpenTelemetry has it, in [UCUM](https://ucum.org): `s` for
    /// `seconds`, `By` for `bytes`, `1` for `ratio`. A unit that UCUM does not have becomes an
    /// annotation, such as `{bdt}`, as the
    /// [semantic conventions](https://opentelemetry.io/docs/specs/semconv/general/metrics/#instrument-units)
    /// have it. Empty without a unit.
    #[must_use]
    pub fn ucum_unit(&self) -> Cow<'static, str> {
        self.unit().map(units::ucum).unwrap_or_default()
    }
}
