//! Which traces are kept.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use obs_core::TraceId;
use obs_core::config::Reader;
use obs_tracing::{Sampler, TracingSettings};
use proptest::prelude::*;

fn kept(sampler: Sampler, parent: Option<bool>) -> usize {
    (0..100_000).filter(|_| sampler.decide(TraceId::random(), parent)).count()
}

#[test]
fn a_ratio_keeps_its_share() {
    for share in [0.0_f64, 0.001, 0.01, 0.1, 0.25, 0.5, 0.9, 1.0] {
        let expected = 100_000.0 * share;
        // Six standard deviations.
        let tolerance = 6.0 * (expected * (1.0 - share)).sqrt();
        let kept = kept(Sampler::ratio(share), None) as f64;
        assert!((kept - expected).abs() <= tolerance, "{share}: {kept}");
    }
}

#[test]
fn a_parent_decides_if_it_is_asked() {
    for sampler in [Sampler::always_on(), Sampler::always_off(), Sampler::ratio(0.5)] {
        assert_eq!(kept(sampler.parent_based(), Some(true)), 100_000);
        assert_eq!(kept(sampler.parent_based(), Some(false)), 0);
    }
    assert_eq!(kept(Sampler::always_on(), Some(false)), 100_000);
    assert_eq!(kept(Sampler::always_off(), Some(true)), 0);
    let half = kept(Sampler::ratio(0.5), Some(true));
    assert!((45_000..55_000).contains(&half), "{half}");
}

/// 56 bits at the end of the id decide, and nothing before them.
#[test]
fn the_last_56_bits_decide() {
    let decide = |share: f64, bits: u64| {
        let [low, high] = [0, u128::MAX << 56].map(|rest| {
            let id = TraceId::from_u128(rest | u128::from(bits)).unwrap();
            Sampler::ratio(share).decide(id, None)
        });
        assert_eq!(low, high, "{share} {bits:x}");
        low
    };
    for (share, threshold) in
        [(0.5, 0x80_0000_0000_0000), (0.25, 0xc0_0000_0000_0000), (0.1, 0xe6_6600_0000_0000)]
    {
        assert!(decide(share, threshold) && !decide(share, threshold - 1), "{share}");
    }
    assert!(decide(1.0, 1) && !decide(0.0, (1 << 56) - 1));
}

/// Exactly those of a million ids are kept that the threshold of the specification lets through.
#[test]
fn a_million_ids_by_the_thresholds_of_the_specification() {
    let table = [
        (1.0, 0x00_0000_0000_0000),
        (1.0 / 3.0, 0xaa_ab00_0000_0000),
        (0.2, 0xcc_cd00_0000_0000),
        (0.1, 0xe6_6600_0000_0000),
        (0.01, 0xfd_70a0_0000_0000_u64),
        (0.001, 0xff_be77_0000_0000),
    ]
    .map(|(share, threshold)| (share, Sampler::ratio(share), threshold));
    let mut kept = [0_u32; 6];
    for _ in 0..1_000_000 {
        let id = TraceId::random();
        let random = id.to_u128() as u64 & ((1 << 56) - 1);
        for (at, (share, sampler, threshold)) in table.iter().enumerate() {
            let decided = sampler.decide(id, None);
            assert_eq!(decided, random >= *threshold, "{share} {id}");
            kept[at] += u32::from(decided);
        }
    }
    for ((share, ..), kept) in table.iter().zip(kept) {
        let expected = 1e6 * share;
        let tolerance = 6.0 * (expected * (1.0 - share)).sqrt() + 1e6 * 0.00001;
        assert!((f64::from(kept) - expected).abs() <= tolerance, "{share}: {kept}");
    }
}

#[test]
fn odd_shares_are_taken_as_the_nearest() {
    for (odd, sampler) in [
        (f64::NAN, Sampler::ratio(0.0)),
        (-1.0, Sampler::ratio(0.0)),
        (f64::INFINITY, Sampler::ratio(1.0)),
        (2.0, Sampler::ratio(1.0)),
    ] {
        assert_eq!(Sampler::ratio(odd), sampler, "{odd}");
    }
}

proptest! {
    #[test]
    fn a_greater_ratio_keeps_what_a_smaller_one_keeps(
        id in 1_u128.., a in 0.0..=1.0_f64, b in 0.0..=1.0_f64
    ) {
        let id = TraceId::from_u128(id).unwrap();
        let (small, great) = (Sampler::ratio(a.min(b)), Sampler::ratio(a.max(b)));
        prop_assert!(!small.decide(id, None) || great.decide(id, None));
    }
}

/// The settings, and what is said of them.
fn read(pairs: &[(&str, &str)]) -> (TracingSettings, Vec<String>) {
    let mut reader = Reader::from_map(pairs.iter().copied());
    let settings = TracingSettings::read(&mut reader);
    let warnings = reader.outcome().unwrap().faults;
    (settings, warnings.iter().map(ToString::to_string).collect())
}

#[test]
fn the_standard_variables() {
    assert_eq!(read(&[]), (TracingSettings::default(), vec![]));
    for (name, sampler) in [
        ("always_on", Sampler::always_on()),
        ("always_off", Sampler::always_off()),
        ("traceidratio", Sampler::ratio(0.1)),
        ("parentbased_always_on", Sampler::always_on().parent_based()),
        ("parentbased_always_off", Sampler::always_off().parent_based()),
        ("parentbased_traceidratio", Sampler::ratio(0.1).parent_based()),
    ] {
        let some = read(&[("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", "0.1")]);
        assert_eq!(some.0.sampler, sampler, "{name}");
    }
    let all = read(&[("OTEL_TRACES_SAMPLER", "traceidratio")]).0;
    assert_eq!(all.sampler, Sampler::ratio(1.0));
    assert!(!read(&[("OTEL_SDK_DISABLED", "true")]).0.export);
    assert!(read(&[("OTEL_SDK_DISABLED", "false")]).0.export);
}

/// As the specification has it: an unknown choice and an argument that cannot be read count as not
/// set, a boolean that is none counts as false.
#[test]
fn what_cannot_be_used_warns_and_counts_as_not_set() {
    for share in ["1.1", "-0.1", "NaN", "inf", "ten", "10%"] {
        let (settings, warnings) =
            read(&[("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", share)]);
        assert_eq!(settings.sampler, Sampler::ratio(1.0));
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        let start = format!("OTEL_TRACES_SAMPLER_ARG={share:?}: expected a number, 0 to 1");
        assert!(warnings[0].starts_with(&start), "{warnings:?}");
    }
    for sampler in ["xray", "jaeger_remote", "parentbased_jaeger_remote"] {
        let arguments = "endpoint=http://localhost:14250,initialSamplingRate=0.25";
        let set = [("OTEL_TRACES_SAMPLER", sampler), ("OTEL_TRACES_SAMPLER_ARG", arguments)];
        let (settings, warnings) = read(&set);
        assert_eq!(settings, TracingSettings::default());
        assert_eq!(
            warnings,
            [format!(
                "OTEL_TRACES_SAMPLER={sampler:?}: expected one of always_on, always_off, \
                 traceidratio, parentbased_always_on, parentbased_always_off, \
                 parentbased_traceidratio (the default, parentbased_always_on, is used)"
            )]
        );
    }
    let (settings, warnings) = read(&[("OTEL_SDK_DISABLED", "1")]);
    assert!(settings.export);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}

#[test]
fn propagators_are_a_list_of_which_one_is_ours() {
    for (text, propagate, warnings) in [
        ("tracecontext", true, 0),
        ("TraceContext,baggage", true, 1),
        ("none", false, 0),
        ("none,tracecontext,", true, 0),
        ("b3", true, 1),
        ("b3,xray,jaeger", true, 1),
    ] {
        let (settings, said) = read(&[("OTEL_PROPAGATORS", text)]);
        assert_eq!((settings.propagate, said.len()), (propagate, warnings), "{text}: {said:?}");
        assert!(said.iter().all(|said| said.starts_with("OTEL_PROPAGATORS")), "{said:?}");
    }
}
