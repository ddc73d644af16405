use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

const QUEUE: Label = Label::open("queue");

families! {
    Queues {
        depth: GaugeCell = Canonical::gauge("queue_depth", "What waits in a queue.")
            .labels(&[QUEUE]);
        oldest: GaugeCell = Canonical::gauge(
            "queue_oldest_age_seconds",
            "How long the oldest in a queue waits; 0 if it is empty.",
        )
        .labels(&[QUEUE]);
    }
}
