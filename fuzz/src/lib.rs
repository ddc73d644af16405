//! Families made of bytes, and what must hold for them.

mod harness;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arbitrary::Arbitrary;
use harness::expected::{Expected, created, of_ours};
use harness::exposition::{Exposition, Series};
use harness::shown::{Extras, Native, Number, Sample, Shown, Sources};
use obs_core::ServiceIdentity;
use obs_core::source::{Exemplar, Kind, LabelSet};
use obs_metrics::{Format, Metrics, MetricsSettings, Representation};

/// What one source shows: families that every format can carry, and others.
#[derive(Arbitrary, Debug)]
pub struct Input {
    fine: Vec<Fine>,
    wild: Vec<Wild>,
}

#[derive(Arbitrary, Debug)]
struct Fine {
    kind: Of,
    help: String,
    samples: Vec<(String, Value, Extra)>,
}

#[derive(Arbitrary, Debug)]
struct Wild {
    name: String,
    kind: Of,
    samples: Vec<(Vec<(String, String)>, Value)>,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Of {
    Counter,
    Gauge,
    Histogram,
}

#[derive(Arbitrary, Debug)]
enum Value {
    Integer(u64),
    Float(f64),
    Histogram { bounds: Vec<f64>, counts: Vec<u64>, sum: f64 },
}

#[derive(Arbitrary, Debug)]
struct Extra {
    created: Option<(u32, u16)>,
    exemplars: Vec<(u8, String, String, f64, (u32, u16))>,
    native: Option<(u8, f32, u32, i16, Vec<u32>)>,
}

impl Input {
    /// The text exposition of it.
    pub fn text(self) -> String {
        let metrics = metrics(self.families());
        metrics.render(Format::Text)
    }

    /// Panics with what is wrong.
    pub fn check(self) {
        let families = self.families();
        let fine: Vec<_> =
            families.iter().filter(|family| family.name.starts_with("family_")).cloned().collect();
        let expected = Expected::of(&fine);
        let metrics = metrics(families);

        let text = Exposition::parse(&metrics.render(Format::Text), Format::Text);
        let open = Exposition::parse(&metrics.render(Format::OpenMetrics), Format::OpenMetrics);
        let mut bytes = Vec::new();
        metrics.scrape(Representation::PROTOBUF, &mut |chunk| bytes.extend_from_slice(&chunk));
        let (protobuf, natives) = harness::protobuf::parse(&bytes);

        for (format, seen) in [("text", &text), ("OpenMetrics", &open), ("protobuf", &protobuf)] {
            expected.check(seen, format);
            assert_eq!(values(seen), values(&text), "{format}");
        }
        for seen in [&open, &protobuf] {
            assert_eq!(of_ours(&seen.exemplars), expected.exemplars);
            assert_eq!(created(seen), expected.created);
        }
        assert!(text.exemplars.is_empty() && created(&text).is_empty());
        assert_eq!(natives, expected.natives);
    }

    fn families(self) -> Vec<Shown> {
        let mut number = 0;
        let mut own = || {
            number += 1;
            ("number".to_owned(), number.to_string())
        };
        let fine = self.fine.into_iter().enumerate().map(|(index, fine)| {
            let total = if matches!(fine.kind, Of::Counter) { "_total" } else { "" };
            let name = format!("family_{index}_bytes{total}");
            let mut shown = Shown::new(&name, fine.kind.kind(), &fine.help);
            shown.samples.extend(fine.samples.into_iter().map(|(text, value, extra)| {
                let labels = vec![own(), ("text".to_owned(), text)];
                Sample { labels, value: value.fit_for(fine.kind), extras: extra.extras() }
            }));
            shown
        });
        let mut families: Vec<_> = fine.collect();
        families.extend(self.wild.into_iter().map(|wild| {
            // The names of the others are theirs.
            let name = wild.name.replace("family_", "familie_");
            let mut shown = Shown::new(&name, wild.kind.kind(), "Wild.");
            shown.samples.extend(wild.samples.into_iter().map(|(mut labels, value)| {
                labels.push(own());
                Sample::new(labels, value.number())
            }));
            shown
        }));
        families
    }
}

fn metrics(families: Vec<Shown>) -> Metrics {
    let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
    metrics.add_source(Arc::new(Sources(families)));
    metrics
}

/// The samples of all but ourselves, by their OpenMetrics names; every number as its bits.
fn values(seen: &Exposition) -> BTreeMap<Series, u64> {
    let values = seen
        .samples
        .iter()
        .filter(|((name, labels), _)| labels.contains_key("number") && !name.ends_with("_created"));
    values
        .map(|((name, labels), value)| {
            let counter = seen.kind.get(name).is_some_and(|kind| kind == "counter");
            let total = if counter && !name.ends_with("_total") { "_total" } else { "" };
            let value = if value.is_nan() { f64::NAN } else { *value };
            ((format!("{name}{total}"), labels.clone()), value.to_bits())
        })
        .collect()
}

impl Of {
    fn kind(self) -> Kind {
        match self {
            Self::Counter => Kind::Counter,
            Self::Gauge => Kind::Gauge,
            Self::Histogram => Kind::Histogram,
        }
    }
}

impl Value {
    fn number(self) -> Number {
        match self {
            Self::Integer(value) => Number::Integer(value),
            Self::Float(value) => Number::Float(value),
            Self::Histogram { bounds, counts, sum } => Number::Histogram(bounds, counts, sum),
        }
    }

    fn fit_for(self, kind: Of) -> Number {
        match (kind, self) {
            (Of::Histogram, Self::Histogram { mut bounds, counts, sum }) => {
                bounds.retain(|bound| bound.is_finite());
                bounds.sort_by(f64::total_cmp);
                // Also of zero there is one only.
                bounds.dedup();
                let mut counts: Vec<_> = counts.into_iter().map(|count| count >> 16).collect();
                counts.resize(bounds.len() + 1, 0);
                Number::Histogram(bounds, counts, sum)
            }
            (Of::Histogram, Self::Integer(value)) => Number::Histogram(vec![], vec![value], 0.0),
            (Of::Histogram, Self::Float(value)) => Number::Histogram(vec![], vec![1], value),
            (Of::Counter, Self::Float(value)) if value >= 0.0 && value.is_finite() => {
                Number::Float(value)
            }
            (Of::Gauge, Self::Float(value)) => Number::Float(value),
            (_, Self::Integer(value)) => Number::Integer(value),
            _ => Number::Integer(1),
        }
    }
}

impl Extra {
    fn extras(self) -> Extras {
        let at =
            |(seconds, part): (u32, u16)| Duration::new(seconds.into(), u32::from(part) * 10_000);
        let exemplars = self.exemplars.into_iter().filter(|(.., value, _)| value.is_finite());
        let exemplars = exemplars.map(|(bucket, trace, request, value, time)| {
            let labels = [("trace_id", &*trace), ("request_id", &*request)];
            let labels = LabelSet::new(&labels).expect("names are fine");
            Exemplar { bucket: bucket.into(), labels, value, at: at(time) }
        });
        let native = self.native.map(|(schema, zero, zero_count, offset, counts)| Native {
            schema: (schema % 13) as i8 - 4,
            zero_threshold: Some(f64::from(zero.abs())).filter(|z| z.is_finite()).unwrap_or(0.0),
            zero_count: zero_count.into(),
            offset: offset.into(),
            counts: counts.into_iter().map(u64::from).collect(),
        });
        Extras {
            // Without it, the sample goes the way that has no extras.
            created: Some(self.created.map(at).unwrap_or(Duration::from_secs(1))),
            exemplars: exemplars.collect(),
            native,
        }
    }
}
