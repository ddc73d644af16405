//! What code says is looked at before the start, all of it.

use std::time::Duration;

use obs_metrics::{DefinitionFault, FamilyNaming, MetricsSettings, Naming, Preset};

fn faults(naming: Naming) -> Vec<(String, DefinitionFault)> {
    let mut settings = MetricsSettings::default();
    settings.naming = naming;
    match settings.check() {
        Ok(()) => Vec::new(),
        Err(faults) => faults.0.into_iter().map(|error| (error.family, error.fault)).collect(),
    }
}

#[test]
fn every_preset_can_be() {
    for (preset, _) in Preset::ALL {
        for strict in [false, true] {
            let naming = Naming::preset(preset).strict_buckets(strict);
            assert_eq!(faults(naming.clone()), [], "{preset:?}");
            assert_eq!(faults(naming.namespace("shop").currency("eur")), [], "{preset:?}");
        }
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let family = FamilyNaming::new;
    let naming = Naming::default()
        .family("orders_total", family().name("orders total"))
        .family("exports_total", family().label("format", "__format"))
        .family("order_value", family().buckets([1.0, 1.0]))
        .family("active_users", family().name("queue_depth"))
        .family("cart_started_total", family().name("obs_series"));
    let mut settings = MetricsSettings::default();
    settings.naming = naming;
    settings.buckets = Some(vec![Duration::from_secs(2), Duration::from_secs(1)]);
    let error = settings.check().unwrap_err();
    let told: Vec<(&str, &DefinitionFault)> =
        error.0.iter().map(|error| (error.family.as_str(), &error.fault)).collect();
    assert!(
        matches!(
            told[..],
            [
                ("http_request_duration_seconds", DefinitionFault::Buckets(_)),
                ("orders total", DefinitionFault::Name),
                ("order_value", DefinitionFault::Buckets(_)),
                ("obs_series", DefinitionFault::Reserved(_)),
                ("exports_total", DefinitionFault::Label(_)),
                ("queue_depth", DefinitionFault::Conflict { .. }),
            ]
        ),
        "{error}"
    );
    assert!(error.to_string().contains("strictly ascending"), "{error}");
}

#[test]
fn a_family_that_is_off_has_no_fault() {
    let naming = Naming::default().family("orders_total", FamilyNaming::new().name("a b").off());
    assert_eq!(faults(naming), []);
}
