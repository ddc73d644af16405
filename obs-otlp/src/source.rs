use obs_core::source::{Collector, Family, Kind, Source, Value};

use crate::exporter::Exporter;
use crate::queue::Tally;
use crate::reason::Reason;

/// The numbers of each signal that is exported; nothing for a signal that is not.
impl Source for Exporter {
    fn collect(&self, out: &mut dyn Collector) {
        let Some(outlets) = self.outlets() else { return };
        let tallies: Vec<(&str, Tally)> =
            outlets.all().map(|(signal, outlet)| (signal.as_str(), outlet.tally())).collect();
        let mut family = |name, kind, help, value: fn(&Tally) -> u64| {
            out.family(&Family::new(name, kind, help));
            for (signal, tally) in &tallies {
                out.sample(&[("signal", signal)], Value::Integer(value(tally)));
            }
        };
        family(
            "obs_export_accepted_total",
            Kind::Counter,
            "Spans, error events, data points or pushes handed over for export.",
            |tally| tally.accepted,
        );
        family(
            "obs_export_written_total",
            Kind::Counter,
            "Spans, error events, data points or pushes that the backend has confirmed.",
            |tally| tally.written,
        );
        family(
            "obs_export_queue_bytes",
            Kind::Gauge,
            "Memory of what waits for export or is under way.",
            |tally| tally.bytes as u64,
        );
        out.family(&Family::new(
            "obs_export_dropped_total",
            Kind::Counter,
            "Spans, error events, data points or pushes lost on the way to the backend.",
        ));
        for (signal, tally) in &tallies {
            for reason in Reason::ALL {
                let labels = [("signal", *signal), ("reason", reason.as_str())];
                out.sample(&labels, Value::Integer(tally.dropped[reason as usize]));
            }
        }
    }
}
