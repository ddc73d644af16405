//! What a source shows is what every format says, down to exemplars and native buckets.

#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use harness::expected::{Expected, created, of_ours};
use harness::{Exposition, Extras, Native, Number, Sample, Shown, Sources, hostile_text};
use obs_core::source::{Exemplar, Kind, LabelSet};
use obs_metrics::{Format, Metrics, Representation};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn what_goes_in_comes_out_of_every_format(families in vec(family(), 0..5)) {
        let shown: Vec<Shown> = families
            .into_iter()
            .enumerate()
            .map(|(index, mut shown)| {
                let total = if shown.kind == Kind::Counter { "_total" } else { "" };
                shown.name = format!("family_{index}_seconds{total}");
                shown
            })
            .collect();
        let metrics = harness::metrics();
        metrics.add_source(Arc::new(Sources(shown.clone())));

        let expected = Expected::of(&shown);
        let text = text(&metrics, Format::Text.into(), Format::Text);
        expected.check(&text, "text");
        prop_assert!(text.exemplars.is_empty() && text.unit.is_empty());
        prop_assert!(created(&text).is_empty());

        for representation in [
            Representation::from(Format::OpenMetrics),
            Representation::from(Format::OpenMetrics).gzip(),
        ] {
            let seen = self::text(&metrics, representation, Format::OpenMetrics);
            expected.check(&seen, "OpenMetrics");
            prop_assert_eq!(&of_ours(&seen.exemplars), &expected.exemplars);
            prop_assert_eq!(&created(&seen), &expected.created);
            let units = seen.unit.keys().filter(|name| name.starts_with("family_"));
            prop_assert_eq!(units.count(), shown.len());
        }
        #[cfg(feature = "native-histograms")]
        {
            let bytes = bytes(&metrics, Representation::PROTOBUF);
            let (seen, natives) = harness::protobuf::parse(&bytes);
            expected.check(&seen, "protobuf");
            prop_assert_eq!(&of_ours(&seen.exemplars), &expected.exemplars);
            prop_assert_eq!(&created(&seen), &expected.created);
            prop_assert_eq!(&natives, &expected.natives);
            let gzipped = self::bytes(&metrics, Representation::PROTOBUF.gzip());
            expected.check(&harness::protobuf::parse(&gzipped).0, "protobuf, compressed");
        }
    }
}

/// The whole exposition, its compression undone.
fn bytes(metrics: &Metrics, representation: Representation) -> Vec<u8> {
    let mut bytes = Vec::new();
    metrics.scrape(representation, &mut |chunk| bytes.extend_from_slice(&chunk));
    if representation.content_encoding().is_none() {
        return bytes;
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&*bytes).read_to_end(&mut plain).unwrap();
    plain
}

fn text(metrics: &Metrics, representation: Representation, format: Format) -> Exposition {
    let bytes = bytes(metrics, representation);
    Exposition::parse(std::str::from_utf8(&bytes).unwrap(), format)
}

fn family() -> impl Strategy<Value = Shown> {
    let kind = proptest::sample::select([Kind::Counter, Kind::Gauge, Kind::Histogram].as_slice());
    kind.prop_flat_map(|kind| {
        (hostile_text(), vec((hostile_text(), sample(kind)), 0..5)).prop_map(
            move |(help, samples)| {
                let mut shown = Shown::new("", kind, &help);
                for (index, (text, (value, extras))) in samples.into_iter().enumerate() {
                    let number = ("number".to_owned(), index.to_string());
                    let labels = vec![number, ("text".to_owned(), text)];
                    shown.samples.push(Sample { labels, value, extras });
                }
                shown
            },
        )
    })
}

fn sample(kind: Kind) -> BoxedStrategy<(Number, Extras)> {
    let number = match kind {
        Kind::Histogram => (vec(1e-9..1e9_f64, 0..14), vec(0..1_000_000_u64, 15), 0.0..f64::MAX)
            .prop_map(|(mut bounds, counts, sum)| {
                bounds.sort_by(f64::total_cmp);
                bounds.dedup();
                let counts = counts[..=bounds.len()].to_vec();
                Number::Histogram(bounds, counts, sum)
            })
            .boxed(),
        Kind::Gauge => prop_oneof![
            any::<u64>().prop_map(Number::Integer),
            any::<f64>().prop_map(Number::Float)
        ]
        .boxed(),
        _ => prop_oneof![
            any::<u64>().prop_map(Number::Integer),
            (0.0..f64::MAX).prop_map(Number::Float)
        ]
        .boxed(),
    };
    // Everything, or nothing: a sample without labels of its own goes the other way.
    let extras = (time(), vec(exemplar(), 0..5), option::of(native()));
    let extras = option::of(extras).prop_map(|extras| match extras {
        None => Extras::default(),
        Some((created, exemplars, native)) => Extras { created: Some(created), exemplars, native },
    });
    (number, extras).boxed()
}

/// Not beyond what a float can tell apart.
fn time() -> impl Strategy<Value = Duration> {
    (prop_oneof![1 => Just(0), 9 => 0..4_000_000_000_u64], 0..1_000_000_000_u32)
        .prop_map(|(secs, nanos)| Duration::new(secs, nanos))
}

fn exemplar() -> impl Strategy<Value = Exemplar> {
    let text = prop_oneof![hostile_text(), "[0-9a-f]{32}", "é{100,130}"];
    (0..16_usize, vec(text, 0..3), -1e300..1e300_f64, time()).prop_map(
        |(bucket, texts, value, at)| {
            let names = ["trace_id", "span_id", "request_id"];
            let labels: Vec<_> = names.into_iter().zip(texts.iter().map(String::as_str)).collect();
            Exemplar { bucket, labels: LabelSet::new(&labels).unwrap(), value, at }
        },
    )
}

fn native() -> impl Strategy<Value = Native> {
    let counts = vec(prop_oneof![Just(0), 0..1_000_000_u64], 0..40);
    (-4..=8_i8, 0.0..1e-3_f64, 0..100_u64, -400..400_i32, counts).prop_map(
        |(schema, zero_threshold, zero_count, offset, counts)| Native {
            schema,
            zero_threshold,
            zero_count,
            offset,
            counts,
        },
    )
}
