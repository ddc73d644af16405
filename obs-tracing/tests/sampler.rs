//! Which traces are kept.

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

/// Values of opentelemetry_sdk 0.33: the lower half of the id, halved, against ratio * 2^63.
#[test]
fn the_bound_is_that_of_the_rust_sdk() {
    let decide = |share: f64, low: u64| {
        let high = 0xffff_ffff_ffff_ffff_u128 << 64;
        Sampler::ratio(share).decide(TraceId::from_u128(high | u128::from(low)).unwrap(), None)
    };
    assert!(decide(0.5, (1 << 63) - 1) && !decide(0.5, 1 << 63));
    assert!(decide(0.25, (1 << 62) - 1) && !decide(0.25, 1 << 62));
    assert!(decide(1.0, u64::MAX) && !decide(0.0, 0));
    let tenth = 2 * ((0.1 * (1_u64 << 63) as f64) as u64);
    assert!(decide(0.1, tenth - 1) && !decide(0.1, tenth));
}

#[test]
fn odd_shares_are_taken_as_the_nearest() {
    for (odd, sampler) in [
        (f64::NAN, Sampler::always_off()),
        (-1.0, Sampler::always_off()),
        (f64::INFINITY, Sampler::always_on()),
        (2.0, Sampler::always_on()),
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

fn read(pairs: &[(&str, &str)]) -> Result<TracingSettings, String> {
    let mut reader = Reader::from_lookup(|name| {
        pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    });
    let settings = TracingSettings::read(&mut reader);
    reader.finish().map(|()| settings).map_err(|error| error.to_string())
}

#[test]
fn the_standard_variables() {
    assert_eq!(read(&[]), Ok(TracingSettings::default()));
    for (name, sampler) in [
        ("always_on", Sampler::always_on()),
        ("always_off", Sampler::always_off()),
        ("traceidratio", Sampler::ratio(0.1)),
        ("parentbased_always_on", Sampler::always_on().parent_based()),
        ("parentbased_always_off", Sampler::always_off().parent_based()),
        ("parentbased_traceidratio", Sampler::ratio(0.1).parent_based()),
    ] {
        let some = read(&[("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", "0.1")]);
        assert_eq!(some.unwrap().sampler, sampler, "{name}");
    }
    let all = read(&[("OTEL_TRACES_SAMPLER", "traceidratio")]).unwrap();
    assert_eq!(all.sampler, Sampler::always_on());
    assert!(!read(&[("OTEL_SDK_DISABLED", "true")]).unwrap().export);
    assert!(read(&[("OTEL_SDK_DISABLED", "false")]).unwrap().export);
}

#[test]
fn faults_name_the_variable_and_what_is_allowed() {
    for share in ["1.1", "-0.1", "NaN", "inf", "ten", "10%"] {
        let fault =
            read(&[("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", share)]);
        let fault = fault.unwrap_err();
        assert!(fault.contains(&format!("OTEL_TRACES_SAMPLER_ARG={share:?}")), "{fault}");
        assert!(fault.contains("allowed is a number, 0 to 1"), "{fault}");
    }
    let fault = read(&[("OTEL_TRACES_SAMPLER", "jaeger_remote")]).unwrap_err();
    assert!(fault.contains("parentbased_traceidratio"), "{fault}");
}
