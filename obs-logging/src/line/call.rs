//! What lines say of outgoing calls.

use obs_core::{CallKind, FieldValue, FinishedCall, RequestContext};

/// The message of a slow call.
pub(super) const MESSAGE: &str = "Slow call";

/// How many calls a request made, by kind: only those of which there were any.
pub(super) fn counts(context: &RequestContext) -> impl Iterator<Item = (CallKind, u64)> {
    let kinds: &[CallKind] = if context.has_calls() { &CallKind::ALL } else { &[] };
    kinds.iter().map(|kind| (*kind, context.calls(*kind))).filter(|(_, count)| *count > 0)
}

/// [`CallKind::count_name`] as a key of JSON.
pub(super) fn key(kind: CallKind) -> &'static [u8] {
    match kind {
        CallKind::Database => b",\"database_calls\":",
        CallKind::Cache => b",\"cache_calls\":",
        CallKind::Http => b",\"http_calls\":",
        CallKind::Messaging => b",\"messaging_calls\":",
        _ => b",\"other_calls\":",
    }
}

/// The fields of a slow call. Names that are empty are left out.
pub(super) fn fields(call: &FinishedCall<'_>) -> impl Iterator<Item = (&'static str, FieldValue)> {
    let site = call.site;
    let names = [
        ("kind", site.kind().as_str()),
        ("system", site.system()),
        ("operation", site.operation()),
        ("call_target", site.target()),
    ];
    let names = names.map(|(key, name)| (key, FieldValue::from(name.to_owned())));
    let error = call.error.map(|error| ("error", error.message().into()));
    let millis = (call.duration.as_secs_f64() * 1e6).round() / 1e3;
    names
        .into_iter()
        .filter(|(_, name)| *name != FieldValue::from_static(""))
        .chain([
            ("duration_ms", millis.into()),
            ("outcome", FieldValue::from_static(call.outcome.as_str())),
        ])
        .chain(error)
}
