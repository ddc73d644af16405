use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

families! {
    Workflows {
        executions: CounterCell = Canonical::counter(
            "workflow_executions_total",
            "Runs of workflows, by name and status.",
        )
        .labels(&[Label::open("workflow_name"), Label::open("status")]);
    }
}
