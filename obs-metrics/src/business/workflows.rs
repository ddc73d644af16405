use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics};

families! {
    Workflows {
        executions: CounterCell = Canonical::counter(
            "workflow_executions_total",
            "Workflow runs, by name and status.",
        )
        .labels(&[CanonicalLabel::open("workflow_name"), CanonicalLabel::open("status")]);
    }
}

/// A workflow ran.
#[track_caller]
pub fn workflow_executed(metrics: Option<&Metrics>, name: impl Label, status: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().workflows.executions.inc((name, status));
}

event! {
    ($)
    /// A workflow ran: name, status. Adds 1 to `workflow_executions_total`.
    ///
    /// ```
    /// obs_metrics::workflow_executed!("customs_clearance", "completed");
    /// ```
    workflow_executed { (name, status) => workflow_executed; }
}
