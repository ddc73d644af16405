use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::panic::Location;
use std::time::Duration;

use obs_core::source::{Family, Kind};

use super::LabelValues;
use crate::governor::LabelBudget;
use crate::names::Names;

/// What a family is to be: data, with names that can be changed before it is registered.
///
/// ```
/// use std::time::Duration;
/// use obs_metrics::Definition;
///
/// let definition = Definition::new("order_value", "Value of an order, in taka.")
///     .labels(["kind", "tenant"])
///     .limit("tenant", 50)
///     .buckets([100.0, 1000.0, 10_000.0])
///     .ttl(Duration::from_secs(3600));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Definition {
    pub(super) name: Cow<'static, str>,
    pub(super) help: Cow<'static, str>,
    pub(super) unit: Option<Cow<'static, str>>,
    pub(super) unit_of_values: Option<Cow<'static, str>>,
    pub(super) labels: Vec<Cow<'static, str>>,
    pub(super) limits: Vec<(Cow<'static, str>, usize)>,
    pub(super) known: Vec<(String, Vec<String>)>,
    pub(super) buckets: Option<Vec<f64>>,
    pub(super) max_series: Option<usize>,
    pub(super) ttl: Option<Duration>,
    pub(super) zero: Option<bool>,
}

impl Definition {
    /// A family without labels: its Prometheus name, with the unit suffix and, for counters,
    /// `_total`; and one sentence for a reader of the metric.
    pub fn new(name: impl Into<Cow<'static, str>>, help: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            help: help.into(),
            unit: None,
            unit_of_values: None,
            labels: Vec::new(),
            limits: Vec::new(),
            known: Vec::new(),
            buckets: None,
            max_series: None,
            ttl: None,
            zero: None,
        }
    }

    /// What is counted or measured, such as `seconds` or `bytes`: the end of the name, before the
    /// `_total` of a counter. OpenMetrics shows it as `# UNIT`, OTLP in UCUM. Default: none, and these
    /// formats take the common unit that the name ends in.
    pub fn unit(mut self, unit: impl Into<Cow<'static, str>>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    /// The unit of a built-in family, which a naming may give a name without it.
    pub(crate) fn unit_of_values(mut self, unit: Option<Cow<'static, str>>) -> Self {
        self.unit_of_values = unit;
        self
    }

    /// The names of the labels, in the order of their types; at most 6.
    pub fn labels<T: Into<Cow<'static, str>>>(
        mut self,
        names: impl IntoIterator<Item = T>,
    ) -> Self {
        self.labels = names.into_iter().map(Into::into).collect();
        self
    }

    /// How many values of an open label get series of their own, 1 or more. Default: the limit of its
    /// type, else [`MetricsSettings::max_label_values`](crate::MetricsSettings::max_label_values).
    pub fn limit(mut self, label: impl Into<Cow<'static, str>>, values: usize) -> Self {
        self.limits.push((label.into(), values));
        self
    }

    /// Values of an open label that are shown before their first use.
    pub(crate) fn known(mut self, label: String, values: Vec<String>) -> Self {
        self.known.push((label, values));
        self
    }

    /// Upper bounds of a histogram's buckets in its unit: 1 to 64, finite, not negative, strictly
    /// ascending.
    /// Default: [`MetricsSettings::buckets`](crate::MetricsSettings::buckets), in seconds.
    pub fn buckets(mut self, bounds: impl Into<Vec<f64>>) -> Self {
        self.buckets = Some(bounds.into());
        self
    }

    /// How many series the family may have, 1 or more; only for families that are not kept by
    /// number. Default:
    /// [`MetricsSettings::max_series_per_family`](crate::MetricsSettings::max_series_per_family).
    pub fn max_series(mut self, series: usize) -> Self {
        self.max_series = Some(series);
        self
    }

    /// A series that was not written for this long is no longer shown, and begins anew when it
    /// is written to; 1 ms or more, only with an open label. While a handle holds the series it is
    /// only hidden. Looked at with each scrape: the time runs from the scrape that saw the last write,
    /// so that a series is shown for up to an interval of scrapes longer, and without scrapes it stays.
    /// Its memory is free a few series later. Default: none.
    ///
    /// A gauge that begins anew begins at 0: let it `set`, or hold a handle.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Whether every combination is shown before its first use; `true` only without an open label.
    /// Default: for counters and gauges of at most 32 combinations, for histograms of at most 8.
    pub fn zero(mut self, zero: bool) -> Self {
        self.zero = Some(zero);
        self
    }
}

/// A registered family as data: an entry of the catalog.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FamilyDefinition {
    /// The Prometheus name.
    pub name: String,
    /// What kind of family it is.
    pub kind: Kind,
    /// One sentence for a reader of the metric.
    pub help: String,
    /// The declared unit, or that of a built-in family; `None` if there is none.
    pub unit: Option<String>,
    /// The labels, in order.
    pub labels: Vec<LabelDefinition>,
    /// Upper bounds of a histogram's buckets, without `+Inf`.
    pub bounds: Vec<f64>,
    /// How many series it may have.
    pub max_series: usize,
    /// After what time without a write a series is no longer shown.
    pub ttl: Option<Duration>,
    /// Whether every combination of labels is shown before its first use.
    pub zero: bool,
    /// Where it was registered first: the owner. Not a part of what is compared when it is
    /// registered again.
    pub place: &'static Location<'static>,
}

/// A label of a [`FamilyDefinition`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LabelDefinition {
    /// Its name.
    pub name: String,
    /// Its values, or how many there may be.
    pub values: LabelValues,
    /// Values of an open label that are known beforehand: shown before their first use, but for the
    /// methods of requests.
    pub known: Vec<String>,
}

impl LabelDefinition {
    pub(crate) fn budget(&self) -> LabelBudget {
        match self.values {
            LabelValues::Open { limit } => LabelBudget::new(&self.name, limit),
            LabelValues::Closed(_) => LabelBudget::new(&self.name, None),
        }
    }
}

impl FamilyDefinition {
    /// Whether both are the same, wherever they were registered.
    pub(crate) fn is(&self, other: &Self) -> bool {
        *self == Self { place: self.place, ..other.clone() }
    }

    pub(crate) fn head(&self) -> Family<'_> {
        let unit = self.unit.as_deref().unwrap_or_default();
        Family::new(&self.name, self.kind, &self.help).with_unit(unit)
    }

    /// Whether the other cannot stand beside it: a name of its series is one of this.
    pub(crate) fn excludes(&self, other: &Self) -> bool {
        let mut names = Names::default();
        names.claim(&self.head());
        names.taken(&other.head()).is_some()
    }

    /// All combinations of labels; `None` with an open label, or with too many to count.
    pub(crate) fn combinations(&self) -> Option<usize> {
        self.labels.iter().try_fold(1_usize, |product, label| match label.values {
            LabelValues::Closed(texts) => product.checked_mul(texts.len()),
            LabelValues::Open { .. } => None,
        })
    }
}

/// On one line, for messages.
impl Display for FamilyDefinition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Counter => "counter",
            Kind::Histogram => "histogram",
            _ => "gauge",
        };
        write!(f, "{kind} {} (", self.name)?;
        for (index, LabelDefinition { name, values, known }) in self.labels.iter().enumerate() {
            f.write_str(if index > 0 { ", " } else { "" })?;
            match values {
                LabelValues::Closed(texts) => write!(f, "{name}: {}", texts.join("|"))?,
                LabelValues::Open { limit: Some(limit) } => write!(f, "{name}: up to {limit}")?,
                LabelValues::Open { limit: None } => f.write_str(name)?,
            }
            if !known.is_empty() {
                write!(f, " such as {}", known.join("|"))?;
            }
        }
        write!(f, ") {:?}", self.help)?;
        if self.kind == Kind::Histogram {
            write!(f, " buckets {:?}", self.bounds)?;
        }
        if let Some(ttl) = self.ttl {
            write!(f, " ttl {ttl:?}")?;
        }
        write!(f, " series {} zero {}", self.max_series, self.zero)
    }
}
