use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use obs_core::source::{Collector, Family, Histogram, Kind, Value, is_label_name, is_metric_name};

use super::Format;
use super::text::{Help, LabelValue, Number};

/// Writes what sources show. Nothing that a source shows makes the whole invalid: a family or a
/// sample that the format cannot carry is left out and counted.
#[derive(Debug)]
pub(crate) struct Encoder {
    format: Format,
    out: String,
    /// Of families, and of the series that they bring along.
    names: HashSet<String>,
    current: Option<Current>,
    /// Samples left out, by family.
    pub(crate) dropped: BTreeMap<String, u64>,
}

#[derive(Debug)]
struct Current {
    name: String,
    kind: Kind,
    /// The name is taken or invalid: its samples are dropped.
    rejected: bool,
}

impl Encoder {
    pub(crate) fn new(format: Format) -> Self {
        Self {
            format,
            out: String::new(),
            names: HashSet::new(),
            current: None,
            dropped: BTreeMap::new(),
        }
    }

    /// Keeps the name of a family that comes last, so that no source takes it.
    pub(crate) fn reserve(&mut self, family: &Family<'_>) {
        self.claim(family);
    }

    /// Begins the family whose name was reserved.
    pub(crate) fn reserved_family(&mut self, family: &Family<'_>) {
        self.begin(family, true);
    }

    /// What follows belongs to another source.
    pub(crate) fn end_of_source(&mut self) {
        self.current = None;
    }

    pub(crate) fn finish(mut self) -> String {
        if self.format == Format::OpenMetrics {
            self.out.push_str("# EOF\n");
        }
        self.out
    }

    /// Takes all names that a family has in either format, so that both show the same families.
    /// `false` if one of them is taken or invalid.
    fn claim(&mut self, family: &Family<'_>) -> bool {
        let suffixes: &[&str] = match family.kind {
            Kind::Counter => &["", "_total"],
            Kind::Histogram => &["", "_bucket", "_sum", "_count"],
            _ => &[""],
        };
        let base = base(family);
        let names = suffixes.iter().map(|suffix| format!("{base}{suffix}"));
        let names: Vec<String> = names.collect();
        let free = is_metric_name(base) && !names.iter().any(|name| self.names.contains(name));
        if free {
            self.names.extend(names);
        }
        free
    }

    fn begin(&mut self, family: &Family<'_>, accepted: bool) {
        let Family { name, kind, help } = *family;
        self.current = Some(Current { name: name.to_owned(), kind, rejected: !accepted });
        if !accepted {
            return;
        }
        let head = match self.format {
            Format::OpenMetrics => base(family),
            Format::Text => name,
        };
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Histogram => "histogram",
            _ => "gauge",
        };
        let help = Help(help, self.format);
        let _ = write!(self.out, "# HELP {head} {help}\n# TYPE {head} {kind}\n");
    }

    fn drop_sample(&mut self, family: &str) {
        *self.dropped.entry(family.to_owned()).or_default() += 1;
    }

    /// One line: `name+suffix{labels,extra} value`.
    fn line(
        &mut self,
        name: &str,
        suffix: &str,
        labels: &[(&str, &str)],
        le: Option<Number>,
        value: Number,
    ) {
        let out = &mut self.out;
        out.push_str(name);
        out.push_str(suffix);
        let mut open = '{';
        for (label, value) in labels {
            let _ = write!(out, "{open}{label}=\"{}\"", LabelValue(value));
            open = ',';
        }
        if let Some(bound) = le {
            let _ = write!(out, "{open}le=\"{bound}\"");
            open = ',';
        }
        if open == ',' {
            out.push('}');
        }
        let _ = writeln!(out, " {value}");
    }

    fn histogram(&mut self, name: &str, labels: &[(&str, &str)], histogram: Histogram<'_>) {
        let mut cumulative = 0_u64;
        let bounds = histogram.bounds.iter().copied().chain([f64::INFINITY]);
        for (bound, count) in bounds.zip(histogram.counts) {
            cumulative = count.saturating_add(cumulative);
            let le = Some(Number::Bound(bound));
            self.line(name, "_bucket", labels, le, Number::Integer(cumulative));
        }
        self.line(name, "_sum", labels, None, Number::Float(histogram.sum));
        self.line(name, "_count", labels, None, Number::Integer(cumulative));
    }
}

impl Collector for Encoder {
    fn family(&mut self, family: &Family<'_>) {
        let accepted = self.claim(family);
        self.begin(family, accepted);
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
        let Some(Current { name, kind, rejected }) = self.current.take() else {
            return;
        };
        let fine = !rejected && labels_fit(labels, kind) && value_fits(value, kind);
        let suffix = match (self.format, kind) {
            (Format::OpenMetrics, Kind::Counter) if !name.ends_with("_total") => "_total",
            _ => "",
        };
        match value {
            _ if !fine => self.drop_sample(&name),
            Value::Integer(value) => self.line(&name, suffix, labels, None, Number::Integer(value)),
            Value::Float(value) => self.line(&name, suffix, labels, None, Number::Float(value)),
            Value::Histogram(histogram) => self.histogram(&name, labels, histogram),
            _ => self.drop_sample(&name),
        }
        self.current = Some(Current { name, kind, rejected });
    }
}

/// OpenMetrics names a counter without the suffix that its sample has.
fn base<'a>(family: &Family<'a>) -> &'a str {
    match family.kind {
        Kind::Counter => family.name.strip_suffix("_total").unwrap_or(family.name),
        _ => family.name,
    }
}

fn labels_fit(labels: &[(&str, &str)], kind: Kind) -> bool {
    labels.iter().enumerate().all(|(index, (name, _))| {
        let again = labels[..index].iter().any(|(earlier, _)| earlier == name);
        is_label_name(name) && !again && !(kind == Kind::Histogram && *name == "le")
    })
}

fn value_fits(value: Value<'_>, kind: Kind) -> bool {
    match (kind, value) {
        (Kind::Histogram, Value::Histogram(Histogram { bounds, counts, .. })) => {
            counts.len() == bounds.len() + 1
                && bounds.is_sorted_by(|a, b| a < b)
                && bounds.iter().all(|bound| bound.is_finite())
        }
        (Kind::Counter, Value::Float(value)) => value >= 0.0 && value.is_finite(),
        (Kind::Counter, Value::Integer(_)) => true,
        (Kind::Gauge, Value::Integer(_) | Value::Float(_)) => true,
        _ => false,
    }
}
