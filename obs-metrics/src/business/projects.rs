use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics, label_enum};

const STATUS: CanonicalLabel = CanonicalLabel::open("status").known(&["success", "failure"]);

families! {
    Projects {
        created: CounterCell = Canonical::counter(
            "projects_created_total",
            "Created projects.",
        );
        submitted: CounterCell = Canonical::counter(
            "projects_submitted_total",
            "Submitted projects, by status.",
        )
        .labels(&[STATUS]);
        deep_copies: CounterCell = Canonical::counter(
            "deep_copies_total",
            "Projects copied with everything in them, by status.",
        )
        .labels(&[STATUS]);
    }
}

label_enum! {
    /// How something ended.
    pub enum Status {
        Success = "success",
        Failure = "failure",
    }
}

/// A project was created.
#[track_caller]
pub fn project_created(metrics: Option<&Metrics>) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().projects.created.inc(());
}

/// A project was submitted.
#[track_caller]
pub fn project_submitted(metrics: Option<&Metrics>, status: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().projects.submitted.inc(status);
}

/// A project was copied.
#[track_caller]
pub fn deep_copy_finished(metrics: Option<&Metrics>, status: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().projects.deep_copies.inc(status);
}

event! {
    ($)
    /// A project was created: adds 1 to `projects_created_total`.
    ///
    /// ```
    /// obs_metrics::project_created!();
    /// ```
    project_created { () => project_created; }
}

event! {
    ($)
    /// A project was submitted: status. Adds 1 to `projects_submitted_total`.
    ///
    /// ```
    /// use obs_metrics::business::Status;
    /// use obs_metrics::project_submitted;
    ///
    /// project_submitted!(Status::Failure);
    /// ```
    project_submitted { (status) => project_submitted; }
}

event! {
    ($)
    /// A project was copied with all it contains: status. Adds 1 to `deep_copies_total`.
    ///
    /// ```
    /// use obs_metrics::business::Status;
    /// use obs_metrics::deep_copy_finished;
    ///
    /// deep_copy_finished!(Status::Success);
    /// ```
    deep_copy_finished { (status) => deep_copy_finished; }
}
