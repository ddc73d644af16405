use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel};

families! {
    External {
        duration: HistogramCell = Canonical::histogram(
            "external_request_duration_seconds",
            "Duration of requests to other services, by target and outcome.",
        )
        .labels(&[CanonicalLabel::open("target").limit(63), super::OUTCOME])
        .buckets(&super::CALLS);
        messages: HistogramCell = Canonical::histogram(
            "messaging_operation_duration_seconds",
            "Duration of sending messages to a broker, by destination and outcome.",
        )
        .labels(&[CanonicalLabel::open("destination").limit(63), super::OUTCOME])
        .buckets(&super::CALLS);
    }
}
