//! What every format has to say of families whose name begins with `family_`.

use std::collections::BTreeMap;
use std::time::Duration;

use obs_core::source::{Exemplar, Kind};

use super::exposition::{Exemplar as Said, Exposition, Series};
use super::protobuf;
use super::shown::{Extras, Number, Sample, Shown};

/// What the formats have to say of our families.
#[derive(Default)]
pub(crate) struct Expected {
    pub(crate) samples: BTreeMap<Series, f64>,
    pub(crate) created: BTreeMap<Series, f64>,
    pub(crate) exemplars: BTreeMap<Series, Said>,
    pub(crate) natives: BTreeMap<Series, protobuf::Native>,
}

impl Expected {
    pub(crate) fn of(families: &[Shown]) -> Self {
        let mut all = Self::default();
        for Shown { name, kind, samples, .. } in families {
            for Sample { labels, value, extras } in samples {
                let labels: BTreeMap<_, _> = labels.iter().cloned().collect();
                all.sample(name, labels.clone(), value, extras);
                let of_kind = *kind != Kind::Gauge;
                for at in extras.created.iter().filter(|_| of_kind) {
                    let base = name.trim_end_matches("_total");
                    all.created.insert((format!("{base}_created"), labels.clone()), decimal(*at));
                }
                if *kind == Kind::Counter {
                    for exemplar in extras.exemplars.iter().take(1).filter(is_short) {
                        all.exemplars.insert((name.clone(), labels.clone()), said(exemplar));
                    }
                }
            }
        }
        all
    }

    fn sample(
        &mut self,
        name: &str,
        labels: BTreeMap<String, String>,
        value: &Number,
        extras: &Extras,
    ) {
        let samples = &mut self.samples;
        let mut add = |suffix: &str, labels: &BTreeMap<String, String>, value| {
            samples.insert((format!("{name}{suffix}"), labels.clone()), value);
        };
        match value {
            Number::Integer(value) => add("", &labels, *value as f64),
            Number::Float(value) => add("", &labels, *value),
            Number::Histogram(bounds, counts, sum) => {
                let mut total = 0;
                for (bucket, count) in counts.iter().enumerate() {
                    total += count;
                    let le = bounds.get(bucket).map_or("+Inf".to_owned(), |b| format!("{b:?}"));
                    let mut labels = labels.clone();
                    labels.insert("le".to_owned(), le);
                    add("_bucket", &labels, total as f64);
                    let of = |exemplar: &&Exemplar| exemplar.bucket == bucket;
                    if let Some(exemplar) = extras.exemplars.iter().find(of).filter(is_short) {
                        self.exemplars
                            .insert((format!("{name}_bucket"), labels.clone()), said(exemplar));
                    }
                }
                add("_sum", &labels, *sum);
                add("_count", &labels, total as f64);
                if let Some(native) = &extras.native {
                    let buckets = (native.offset.into()..).zip(native.counts.iter().copied());
                    let buckets: BTreeMap<i64, u64> =
                        buckets.filter(|(_, count)| *count > 0).collect();
                    let native = protobuf::Native {
                        schema: native.schema.into(),
                        zero_threshold: native.zero_threshold,
                        zero_count: native.zero_count,
                        count: native.zero_count + buckets.values().sum::<u64>(),
                        buckets,
                    };
                    self.natives.insert((name.to_owned(), labels), native);
                }
            }
        }
    }

    pub(crate) fn check(&self, seen: &Exposition, format: &str) {
        let mut samples = of_ours(&seen.samples);
        samples.retain(|(name, _), _| !name.ends_with("_created"));
        assert_eq!(samples.len(), self.samples.len(), "{format}");
        for (series, value) in &self.samples {
            let found = samples[series];
            assert!(found == *value || (found.is_nan() && value.is_nan()), "{format} {series:?}");
        }
    }
}

pub(crate) fn of_ours<T: Clone>(all: &BTreeMap<Series, T>) -> BTreeMap<Series, T> {
    let ours = all.iter().filter(|((name, _), _)| name.starts_with("family_"));
    ours.map(|(series, one)| (series.clone(), one.clone())).collect()
}

pub(crate) fn created(seen: &Exposition) -> BTreeMap<Series, f64> {
    let mut created = of_ours(&seen.samples);
    created.retain(|(name, _), _| name.ends_with("_created"));
    created
}

fn said(Exemplar { labels, value, at, .. }: &Exemplar) -> Said {
    let labels = labels.pairs().map(|(name, value)| (name.to_owned(), value.into_owned()));
    Said { labels: labels.collect(), value: *value, at: decimal(*at) }
}

fn is_short(Exemplar { labels, .. }: &&Exemplar) -> bool {
    let size: usize = labels.pairs().map(|(n, v)| n.chars().count() + v.chars().count()).sum();
    size <= 128
}

/// As a reader of decimals has it: `as_secs_f64` rounds twice.
fn decimal(at: Duration) -> f64 {
    format!("{}.{:09}", at.as_secs(), at.subsec_nanos()).parse().unwrap()
}
