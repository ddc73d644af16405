use obs_core::source::{Collector, Family, Kind, Source, Value};

use crate::health::Health;

/// The last known results. A scrape runs no check; a check that never ran has no sample.
impl Source for Health {
    fn collect(&self, out: &mut dyn Collector) {
        let last = self.last();
        out.family(&Family::new(
            "health_check_status",
            Kind::Gauge,
            "Whether the last run of the check passed: 1 yes, 0 no.",
        ));
        for (slot, reading) in &last {
            let passed = u64::from(reading.failed.is_none());
            out.sample(&[("check", &slot.check.name)], Value::Integer(passed));
        }
        out.family(&Family::new(
            "health_check_duration_seconds",
            Kind::Gauge,
            "How long the last run of the check took.",
        ));
        for (slot, reading) in &last {
            let seconds = reading.latency.as_secs_f64();
            out.sample(&[("check", &slot.check.name)], Value::Float(seconds));
        }
    }
}
