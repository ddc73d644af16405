//! What unit a metric is sent with.

use std::sync::Arc;

use obs_core::Source;
use obs_core::source::{Collector, Family, Kind, Value};
use obs_otlp::{ExportSettings, Exporter};
use obs_testing::{OK, Scripted};

use crate::SECONDS;
use crate::common::numbers::{by_name, requests, target};
use crate::common::service;

#[test]
fn a_declared_unit_is_sent_in_ucum() {
    const FAMILIES: [(&str, &str, &str); 7] = [
        ("balance_bdt", "bdt", "{bdt}"),
        ("wait", "seconds", "s"),
        ("size", "bytes", "By"),
        ("fill", "percent", "%"),
        ("size_bytes", "orders", "{orders}"),
        ("age_seconds", "", "s"),
        ("plain", "", ""),
    ];
    struct Declared;
    impl Source for Declared {
        fn collect(&self, out: &mut dyn Collector) {
            for (name, unit, _) in FAMILIES {
                out.family(&Family::new(name, Kind::Gauge, "A gauge.").with_unit(unit));
                out.sample(&[], Value::Integer(1));
            }
        }
    }
    let peer = Scripted::new(&[OK]);
    let settings = ExportSettings { metrics: Some(target(peer.port)), ..ExportSettings::default() };
    let exporter = Exporter::start(&settings, &service(), None);
    let source = Arc::new(Declared);
    let weak = Arc::downgrade(&source);
    exporter.read_metrics(weak);
    exporter.shutdown(SECONDS);
    let metrics = by_name(&requests(&peer)[0]);
    for (name, _, unit) in FAMILIES {
        assert_eq!(metrics[name].unit, unit, "{name}");
    }
}
