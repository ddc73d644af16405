use crate::Metrics;
use crate::built_in::{Text, families};
use crate::naming::{Canonical, CanonicalLabel};

const REFRESH: CanonicalLabel = CanonicalLabel::open("refresh");

families! {
    Refreshes {
        errors: CounterCell = Canonical::counter(
            "refresh_errors_total",
            "Refreshes that failed, panicked or timed out.",
        )
        .labels(&[REFRESH]);
        last_success: GaugeCell = Canonical::gauge(
            "refresh_last_success_timestamp_seconds",
            "Time of the last successful refresh, in seconds since the Unix epoch.",
        )
        .labels(&[REFRESH]);
    }
}

impl Metrics {
    /// A refresh of gauges ran: sets `refresh_last_success_timestamp_seconds` to the present if it
    /// succeeded, else adds 1 to `refresh_errors_total`.
    pub fn refreshed(&self, refresh: &str, succeeded: bool) {
        let Refreshes { errors, last_success } = &self.built_in().refreshes;
        errors.add(Text(refresh), u64::from(!succeeded));
        if succeeded {
            let clock = self.families().clock();
            last_success.set(Text(refresh), clock.unix(clock.now()).as_secs_f64());
        }
    }
}
