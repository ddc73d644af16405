use std::time::Duration;

use obs_core::CallOutcome;

use crate::built_in::{Text, families};
use crate::naming::{Canonical, CanonicalLabel};

families! {
    Jobs {
        duration: HistogramCell = Canonical::histogram(
            "job_duration_seconds",
            "Duration of background jobs, by job and outcome.",
        )
        .labels(&[CanonicalLabel::open("job").limit(63), super::OUTCOME])
        .buckets(&super::CALLS);
    }
}

impl Jobs {
    pub(crate) fn finish(&self, job: &str, outcome: CallOutcome, duration: Duration) {
        self.duration.observe((Text(job), outcome.as_str()), duration.as_secs_f64());
    }
}
