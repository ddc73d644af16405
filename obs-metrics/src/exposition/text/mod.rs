//! Prometheus text and OpenMetrics: the same lines, and what only OpenMetrics has.

pub(super) mod number;
mod open_metrics;

use std::io::Write as _;

use obs_core::source::{Family, Histogram, Kind, LabelSet, Sample, Value};

use super::Format;
use super::bounds::Bounds;
use crate::names::base;

/// Writes one family after the other.
#[derive(Debug)]
pub(super) struct Text {
    format: Format,
    /// Of the family's samples: `http_requests_total`.
    name: String,
    /// The name without the suffix of a counter.
    base: String,
}

impl Text {
    pub(super) fn new(format: Format) -> Self {
        Self { format, name: String::new(), base: String::new() }
    }

    /// The lines before the samples.
    pub(super) fn head(&mut self, family: &Family<'_>, out: &mut Vec<u8>) {
        let Family { name, kind, help, .. } = *family;
        let open_metrics = self.format == Format::OpenMetrics;
        base(family).clone_into(&mut self.base);
        name.clone_into(&mut self.name);
        if open_metrics && kind == Kind::Counter && !name.ends_with("_total") {
            self.name.push_str("_total");
        }
        let head = if open_metrics { &self.base } else { &self.name };
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Histogram => "histogram",
            _ => "gauge",
        };
        let _ = write!(out, "# HELP {head} ");
        escape_help(help, open_metrics, out);
        let _ = write!(out, "\n# TYPE {head} {kind}\n");
        if open_metrics {
            open_metrics::unit(family, out);
        }
    }

    /// The lines of one series.
    pub(super) fn series(
        &self,
        labels: &LabelSet,
        sample: &Sample<'_>,
        bounds: &Bounds,
        out: &mut Vec<u8>,
    ) {
        match sample.value {
            Value::Integer(value) => {
                self.line("", labels, out);
                number::integer(value, out);
                self.end_of_number(sample, out);
            }
            Value::Float(value) => {
                self.line("", labels, out);
                number::float(value, out);
                self.end_of_number(sample, out);
            }
            Value::Histogram(histogram) => self.histogram(labels, sample, histogram, bounds, out),
            _ => return,
        }
        if let (Format::OpenMetrics, Some(created)) = (self.format, sample.created) {
            start(&self.base, "_created", labels, out);
            number::timestamp(created, out);
            out.push(b'\n');
        }
    }

    /// The line after all families.
    pub(super) fn finish(&self, out: &mut Vec<u8>) {
        if self.format == Format::OpenMetrics {
            out.extend_from_slice(b"# EOF\n");
        }
    }

    /// A counter's exemplar, and the end of the line.
    #[inline]
    fn end_of_number(&self, sample: &Sample<'_>, out: &mut Vec<u8>) {
        if let (Format::OpenMetrics, Some(exemplar)) = (self.format, sample.exemplars.first()) {
            open_metrics::exemplar(exemplar, out);
        }
        out.push(b'\n');
    }

    fn histogram(
        &self,
        labels: &LabelSet,
        sample: &Sample<'_>,
        histogram: Histogram<'_>,
        bounds: &Bounds,
        out: &mut Vec<u8>,
    ) {
        let exemplars = if self.format == Format::OpenMetrics { sample.exemplars } else { &[] };
        // Every bucket's line begins like the first.
        let first = out.len();
        self.line_of_bucket(labels, out);
        let begin = out.len() - first;
        let mut cumulative = 0_u64;
        for (bucket, (le, count)) in bounds.texts().zip(histogram.counts).enumerate() {
            if bucket > 0 {
                out.extend_from_within(first..first + begin);
            }
            cumulative = cumulative.saturating_add(*count);
            out.extend_from_slice(le);
            number::integer(cumulative, out);
            if let Some(exemplar) = exemplars.iter().find(|exemplar| exemplar.bucket == bucket) {
                open_metrics::exemplar(exemplar, out);
            }
            out.push(b'\n');
        }
        self.line("_sum", labels, out);
        number::float(histogram.sum, out);
        out.push(b'\n');
        self.line("_count", labels, out);
        number::integer(cumulative, out);
        out.push(b'\n');
    }

    /// `name_bucket{labels,le="`.
    fn line_of_bucket(&self, labels: &LabelSet, out: &mut Vec<u8>) {
        let labels = labels.text().as_bytes();
        out.extend_from_slice(self.name.as_bytes());
        out.extend_from_slice(b"_bucket{");
        out.extend_from_slice(labels);
        out.extend_from_slice(if labels.is_empty() { b"le=\"" } else { b",le=\"" });
    }

    #[inline]
    fn line(&self, suffix: &str, labels: &LabelSet, out: &mut Vec<u8>) {
        start(&self.name, suffix, labels, out);
    }
}

/// `name{labels} `.
#[inline]
fn start(name: &str, suffix: &str, labels: &LabelSet, out: &mut Vec<u8>) {
    let labels = labels.text().as_bytes();
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(suffix.as_bytes());
    if !labels.is_empty() {
        out.push(b'{');
        out.extend_from_slice(labels);
        out.push(b'}');
    }
    out.push(b' ');
}

/// Only OpenMetrics escapes quotation marks in a help text.
fn escape_help(help: &str, quotes: bool, out: &mut Vec<u8>) {
    for byte in help.bytes() {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'"' if quotes => out.extend_from_slice(b"\\\""),
            byte => out.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_escaped() {
        for (quotes, expected) in [(false, r#"say "x"\n\\é"#), (true, r#"say \"x\"\n\\é"#)] {
            let mut out = Vec::new();
            escape_help("say \"x\"\n\\é", quotes, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
