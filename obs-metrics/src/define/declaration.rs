use std::time::Duration;

use super::check;
use super::message::fail;
use super::name::Name;
use super::text::plain;
use crate::{Definition, LabelValues};

/// A metric of [`define_metrics!`](crate::define_metrics), as it is known when it is compiled.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Declaration {
    pub(super) name: Name,
    pub(super) kind: Declared,
    pub(super) help: &'static str,
    pub(super) labels: &'static [(&'static str, LabelValues)],
    pub(super) buckets: Option<&'static [f64]>,
    pub(super) max_series: Option<usize>,
    pub(super) ttl: Option<Duration>,
    pub(super) zero: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    Counter,
    Gauge,
    Histogram,
    Info,
}

impl Declaration {
    #[track_caller]
    pub const fn new(
        kind: &'static str,
        namespace: &'static str,
        field: &'static str,
        help: &'static str,
        labels: &'static [(&'static str, LabelValues)],
    ) -> Self {
        let field = plain(field);
        let (kind, suffix) = match kind.as_bytes() {
            b"counter" => (Declared::Counter, "_total"),
            b"gauge" => (Declared::Gauge, ""),
            b"histogram" => (Declared::Histogram, ""),
            b"info" => (Declared::Info, "_info"),
            _ => {
                let kinds = "` is no kind of metric: there are counter, gauge, histogram and info";
                fail(field, &["`", kind, kinds])
            }
        };
        let name = Name { namespace, field, unit: "", suffix, told: None };
        Self { name, kind, help, labels, buckets: None, max_series: None, ttl: None, zero: None }
    }

    pub const fn name(mut self, name: &'static str) -> Self {
        self.name.told = Some(name);
        self
    }

    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.name.unit = unit;
        self
    }

    pub const fn buckets(mut self, bounds: &'static [f64]) -> Self {
        self.buckets = Some(bounds);
        self
    }

    pub const fn max_series(mut self, series: usize) -> Self {
        self.max_series = Some(series);
        self
    }

    pub const fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    pub const fn zero(mut self, zero: bool) -> Self {
        self.zero = Some(zero);
        self
    }

    /// Itself, or no compilation.
    #[track_caller]
    pub const fn checked(self) -> Self {
        check::all(&self);
        self
    }

    pub(super) fn definition(&self) -> Definition {
        let labels = self.labels.iter().map(|(name, _)| plain(name));
        let mut definition = Definition::new(self.name.text(), first_paragraph(self.help));
        definition = definition.labels(labels);
        if !self.name.unit.is_empty() {
            definition = definition.unit(self.name.unit);
        }
        if let Some(bounds) = self.buckets {
            definition = definition.buckets(bounds);
        }
        if let Some(series) = self.max_series {
            definition = definition.max_series(series);
        }
        if let Some(ttl) = self.ttl {
            definition = definition.ttl(ttl);
        }
        let zero = if self.kind == Declared::Info { Some(false) } else { self.zero };
        if let Some(zero) = zero {
            definition = definition.zero(zero);
        }
        definition
    }
}

/// Of a doc comment, as rustdoc summarises it.
fn first_paragraph(doc: &str) -> String {
    let lines = doc.lines().map(str::trim).skip_while(|line| line.is_empty());
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_the_first_paragraph() {
        assert_eq!(first_paragraph(" Orders\n placed.\n\n Not those refused.\n"), "Orders placed.");
        assert_eq!(first_paragraph("\n\n One.\n"), "One.");
    }
}
