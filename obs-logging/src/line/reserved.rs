//! Names that a line has itself.

use obs_core::CallKind;

/// Those of every line.
pub(crate) fn of_line(name: &str) -> bool {
    matches!(
        name,
        "timestamp"
            | "level"
            | "message"
            | "service"
            | "environment"
            | "target"
            | "request_id"
            | "trace_id"
            | "span_id"
            | "line_cut"
    )
}

/// Those of access lines.
pub(crate) fn of_access_line(name: &str) -> bool {
    of_line(name)
        || matches!(
            name,
            "method"
                | "path"
                | "route"
                | "status_code"
                | "duration_ms"
                | "outcome"
                | "error"
                | "job"
        )
        || CallKind::ALL.iter().any(|kind| kind.count_name() == name)
}

/// What stands before the name of a user's field. `level` becomes `_level`, and so that both can be
/// there, `_level` becomes `__level`: no two names ever become one.
pub(crate) fn opening(name: &str, reserved: fn(&str) -> bool) -> &'static [u8] {
    if reserved(name.trim_start_matches('_')) { b",\"_" } else { b",\"" }
}
