use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics, Number, Seconds};

const QUEUE: CanonicalLabel = CanonicalLabel::open("queue");

families! {
    Queues {
        depth: GaugeCell = Canonical::gauge("queue_depth", "Items waiting in the queue.")
            .labels(&[QUEUE]);
        oldest: GaugeCell = Canonical::gauge(
            "queue_oldest_age_seconds",
            "Age of the oldest item in the queue; 0 if the queue is empty.",
        )
        .labels(&[QUEUE]);
    }
}

/// So much waits in a queue.
#[track_caller]
pub fn queue_depth(metrics: Option<&Metrics>, queue: impl Label, waiting: impl Number) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().queues.depth.set(queue, waiting.number());
}

/// The oldest in a queue waits so long.
#[track_caller]
pub fn queue_oldest_age(metrics: Option<&Metrics>, queue: impl Label, age: impl Seconds) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().queues.oldest.set(queue, age.seconds());
}

event! {
    ($)
    /// What waits in a queue: queue, number. Sets `queue_depth`.
    ///
    /// ```
    /// obs_metrics::queue_depth!("emails", 17);
    /// ```
    queue_depth { (queue, waiting) => queue_depth; }
}

event! {
    ($)
    /// How long the oldest in a queue waits: queue, age; 0 if the queue is empty. Sets
    /// `queue_oldest_age_seconds`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use obs_metrics::queue_oldest_age;
    ///
    /// queue_oldest_age!("emails", Duration::from_secs(42));
    /// queue_oldest_age!("reports", 0);
    /// ```
    queue_oldest_age { (queue, age) => queue_oldest_age; }
}
