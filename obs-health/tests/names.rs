//! Reports are JSON whatever the checks are called.

mod common;

use std::collections::BTreeSet;

use common::{failing, health, json, passing};
use obs_health::HealthSettings;
use proptest::prelude::*;

proptest! {
    #[test]
    fn every_name_comes_back(names in proptest::collection::btree_set(any::<String>(), 0..8)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let health = health(HealthSettings::default());
        for (number, name) in names.iter().enumerate() {
            health.add(if number % 2 == 0 { passing(name) } else { failing(name) });
        }
        let (ready, report) = runtime.block_on(async { (health.ready().await, health.health().await) });
        for checks in [json(&ready), json(&report)["checks"].clone()] {
            let found: BTreeSet<String> = checks.as_object().unwrap().keys().cloned().collect();
            prop_assert_eq!(&found, &names);
        }
        prop_assert_eq!(ready.status, if names.len() > 1 { 503 } else { 200 });
    }
}
