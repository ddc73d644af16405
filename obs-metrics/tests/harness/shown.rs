//! Sources made of plain data.

use std::time::Duration;

use obs_core::source::{
    self, Collector, Exemplar, Family, Histogram, Kind, LabelSet, NativeHistogram, Source, Value,
};

#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) help: String,
    pub(crate) samples: Vec<Sample>,
}

#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) value: Number,
    pub(crate) extras: Extras,
}

/// What only some formats have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extras {
    pub(crate) created: Option<Duration>,
    pub(crate) exemplars: Vec<Exemplar>,
    pub(crate) native: Option<Native>,
}

#[derive(Clone, Debug)]
pub(crate) struct Native {
    pub(crate) schema: i8,
    pub(crate) zero_threshold: f64,
    pub(crate) zero_count: u64,
    pub(crate) offset: i32,
    pub(crate) counts: Vec<u64>,
}

impl Sample {
    pub(crate) fn new(labels: Vec<(String, String)>, value: Number) -> Self {
        Self { labels, value, extras: Extras::default() }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Number {
    Integer(u64),
    Float(f64),
    Histogram(Vec<f64>, Vec<u64>, f64),
}

/// One source.
#[derive(Clone, Debug)]
pub(crate) struct Sources(pub(crate) Vec<Shown>);

impl Shown {
    pub(crate) fn new(name: &str, kind: Kind, help: &str) -> Self {
        Self { name: name.to_owned(), kind, help: help.to_owned(), samples: Vec::new() }
    }

    pub(crate) fn with(mut self, labels: &[(&str, &str)], value: Number) -> Self {
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.samples.push(Sample::new(labels.collect(), value));
        self
    }

    /// Of the last sample.
    pub(crate) fn extras(mut self, extras: Extras) -> Self {
        self.samples.last_mut().unwrap().extras = extras;
        self
    }
}

impl Source for Sources {
    fn collect(&self, out: &mut dyn Collector) {
        for Shown { name, kind, help, samples } in &self.0 {
            out.family(&Family::new(name, *kind, help));
            for Sample { labels, value, extras } in samples {
                let labels: Vec<_> = labels.iter().map(|(n, v)| (&**n, &**v)).collect();
                let value = match value {
                    Number::Integer(value) => Value::Integer(*value),
                    Number::Float(value) => Value::Float(*value),
                    Number::Histogram(bounds, counts, sum) => {
                        Value::Histogram(Histogram { bounds, counts, sum: *sum })
                    }
                };
                let Extras { created, exemplars, native } = extras;
                match LabelSet::new(&labels) {
                    // Either way to show a sample.
                    Ok(labels) if labels.text().len() % 2 == 0 || created.is_some() => {
                        let native = native.as_ref().map(|native| NativeHistogram {
                            schema: native.schema,
                            zero_threshold: native.zero_threshold,
                            zero_count: native.zero_count,
                            offset: native.offset,
                            counts: &native.counts,
                        });
                        let created = *created;
                        out.series(&labels, &source::Sample { value, created, exemplars, native });
                    }
                    _ => out.sample(&labels, value),
                }
            }
        }
    }
}

/// Families with something that a format cannot carry, and how many samples that costs.
pub(crate) fn bad() -> Vec<(Shown, u64)> {
    use Number::{Float, Histogram, Integer};
    let one = || Integer(1);
    let gauge = |name| Shown::new(name, Kind::Gauge, "Help.");
    let counter = |name| Shown::new(name, Kind::Counter, "Help.");
    let histogram = |name| Shown::new(name, Kind::Histogram, "Help.");
    let two = || Histogram(vec![1.0, 2.0], vec![1, 2, 3], 9.0);
    vec![
        (gauge("").with(&[], one()), 1),
        (gauge("1st").with(&[], one()), 1),
        (gauge("with space").with(&[], one()), 1),
        (gauge("a\n# EOF\nb 1").with(&[], one()), 1),
        (gauge("größe").with(&[], one()), 1),
        (gauge("brace{x=\"1\"}").with(&[], one()).with(&[], one()), 2),
        (
            gauge("bad_label_names")
                .with(&[("", "x")], one())
                .with(&[("1", "x")], one())
                .with(&[("a-b", "x")], one())
                .with(&[("a:b", "x")], one())
                .with(&[("a=\"1\",b", "x")], one())
                .with(&[("__name__", "up")], one())
                .with(&[("__reserved", "x")], one())
                .with(&[("fine", "x")], one()),
            7,
        ),
        (
            gauge("label_twice")
                .with(&[("a", "1"), ("b", "2"), ("a", "3")], one())
                .with(&[("a", "1"), ("b", "2")], one()),
            1,
        ),
        (histogram("le_on_histogram").with(&[("le", "1.0")], two()).with(&[("a", "x")], two()), 1),
        (
            counter("bad_counts_total")
                .with(&[("a", "nan")], Float(f64::NAN))
                .with(&[("a", "negative")], Float(-1.0))
                .with(&[("a", "infinite")], Float(f64::INFINITY))
                .with(&[("a", "histogram")], two())
                .with(&[("a", "fine")], Float(1.5)),
            4,
        ),
        (
            histogram("bad_buckets")
                .with(&[("a", "unsorted")], Histogram(vec![2.0, 1.0], vec![1, 1, 1], 1.0))
                .with(&[("a", "equal")], Histogram(vec![1.0, 1.0], vec![1, 1, 1], 1.0))
                .with(&[("a", "nan")], Histogram(vec![f64::NAN], vec![1, 1], 1.0))
                .with(&[("a", "infinite")], Histogram(vec![1.0, f64::INFINITY], vec![1, 1, 1], 1.0))
                .with(&[("a", "few counts")], Histogram(vec![1.0], vec![1], 1.0))
                .with(&[("a", "negative")], Histogram(vec![-1.0, 1.0], vec![1, 1, 1], 1.0))
                .with(&[("a", "negative sum")], Histogram(vec![1.0], vec![1, 1], -1.0))
                .with(&[("a", "sum nan")], Histogram(vec![1.0], vec![1, 1], f64::NAN))
                .with(&[("a", "sum infinite")], Histogram(vec![1.0], vec![1, 1], f64::INFINITY))
                .with(&[("a", "integer")], one())
                .with(&[("a", "fine")], two()),
            10,
        ),
        (gauge("histogram_as_gauge").with(&[], two()), 1),
        // Names that are taken: by a family, and by the series of a histogram.
        (counter("http_requests_total").with(&[], one()), 1),
        (gauge("label_twice").with(&[], one()), 1),
        (gauge("le_on_histogram_count").with(&[], one()), 1),
        (gauge("le_on_histogram_created").with(&[], one()), 1),
        (gauge("bad_counts").with(&[], one()), 1),
        (gauge("bad_counts_created").with(&[], one()), 1),
        (gauge("first_bucket").with(&[("fine", "x")], one()), 0),
        (histogram("first").with(&[], two()), 1),
        (gauge("obs_series_dropped_total").with(&[], one()), 1),
    ]
}
