use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

const STATUS: Label = Label::open("status").known(&["success", "failure"]);

families! {
    Projects {
        created: CounterCell = Canonical::counter(
            "projects_created_total",
            "Projects that were created.",
        );
        submitted: CounterCell = Canonical::counter(
            "projects_submitted_total",
            "Projects that were submitted, by status.",
        )
        .labels(&[STATUS]);
        deep_copies: CounterCell = Canonical::counter(
            "deep_copies_total",
            "Projects that were copied with all they contain, by status.",
        )
        .labels(&[STATUS]);
    }
}
