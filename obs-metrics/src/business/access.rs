use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

families! {
    Access {
        denied: CounterCell = Canonical::counter(
            "authz_access_denied_total",
            "Access that was denied, by kind of resource, action and reason.",
        )
        .labels(&[Label::open("resource"), Label::open("action"), Label::open("reason")]);
        escalations: CounterCell = Canonical::counter(
            "authz_privilege_escalation_total",
            "Attempts to get a role's rights from another role.",
        )
        .labels(&[Label::open("from_role"), Label::open("to_role")]);
    }
}
