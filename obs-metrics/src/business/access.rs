use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics};

families! {
    Access {
        denied: CounterCell = Canonical::counter(
            "authz_access_denied_total",
            "Denied accesses, by kind of resource, action and reason.",
        )
        .labels(&[CanonicalLabel::open("resource"), CanonicalLabel::open("action"), CanonicalLabel::open("reason")]);
        escalations: CounterCell = Canonical::counter(
            "authz_privilege_escalation_total",
            "Attempted privilege escalations, from one role to another.",
        )
        .labels(&[CanonicalLabel::open("from_role"), CanonicalLabel::open("to_role")]);
    }
}

/// Access was denied.
#[track_caller]
pub fn access_denied(
    metrics: Option<&Metrics>,
    resource: impl Label,
    action: impl Label,
    reason: impl Label,
) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().access.denied.inc((resource, action, reason));
}

/// A role tried to get the rights of another.
#[track_caller]
pub fn privilege_escalation(metrics: Option<&Metrics>, from: impl Label, to: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().access.escalations.inc((from, to));
}

event! {
    ($)
    /// Access was denied: kind of resource (never its id), action, reason. Adds 1 to
    /// `authz_access_denied_total`.
    ///
    /// ```
    /// obs_metrics::access_denied!("invoice", "delete", "not_owner");
    /// ```
    access_denied { (resource, action, reason) => access_denied; }
}

event! {
    ($)
    /// A role tried to get the rights of another: from, to. Adds 1 to
    /// `authz_privilege_escalation_total`.
    ///
    /// ```
    /// obs_metrics::privilege_escalation!("clerk", "admin");
    /// ```
    privilege_escalation { (from, to) => privilege_escalation; }
}
