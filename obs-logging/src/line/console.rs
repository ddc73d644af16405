use std::time::Duration;

use obs_core::redact::bounded;
use obs_core::spans::{Fields, Node};
use obs_core::{FieldValue, Finished, FinishedCall, RequestContext, Work};
use tracing_core::{Event, Level};
use tracing_log::NormalizeEvent as _;

use super::call;
use super::callsite::is_origin;
use super::json::METHOD;
use super::paint::Paint;
use super::record::LIMIT;
use super::scope::Scope;
use super::stamp::Stamp;
use crate::levels::{ACCESS, CALLS};

/// Lines for a person's eyes.
#[derive(Clone)]
pub(crate) struct Console {
    color: bool,
    limit: usize,
}

/// Longest path that is shown, in bytes.
const MAX_PATH: usize = 2048;
/// Length of the day in a time.
const DATE: usize = "1970-01-01T".len();

/// What is on a line besides time and fields.
struct Head<'a> {
    level: Level,
    message: &'a str,
    target: &'a str,
    context: Option<&'a RequestContext>,
}

impl Console {
    pub(crate) fn new(color: bool, limit: usize) -> Self {
        Self { color, limit: limit.min(LIMIT) }
    }

    pub(crate) fn event(&self, event: &Event<'_>, at: Duration, push: impl FnOnce(&[u8])) {
        let mut own = Fields::default();
        event.record(&mut own);
        let scope = Scope::of(event);
        let message = own.get("message").map(ToString::to_string).unwrap_or_default();
        let mut fields = Vec::new();
        let record_of_log = event.normalized_metadata();
        let shown = |name: &str| name != "message" && !(record_of_log.is_some() && is_origin(name));
        add(&mut fields, own.as_slice().iter().filter(|(name, _)| shown(name)));
        for node in std::iter::successors(scope.node(), |node| Node::parent(node)) {
            node.with_fields(|span| add(&mut fields, span.as_slice()));
        }
        if own.dropped() > 0 || own.is_cut() {
            fields.push(("line_cut", true.into()));
        }
        let head = Head {
            level: *event.metadata().level(),
            message: &message,
            target: record_of_log.as_ref().unwrap_or(event.metadata()).target(),
            context: scope.ids().map(|(context, _)| context),
        };
        push(self.line(at, &head, &fields).as_bytes());
    }

    pub(crate) fn access(&self, end: &Finished<'_>, level: Level, push: impl FnOnce(&[u8])) {
        let route: FieldValue = end.route_name().to_owned().into();
        let millis = format!("{:.3}", end.duration.as_secs_f64() * 1e3);
        let job = end.facts.work() == Work::Job;
        let mut fields = if job {
            vec![("job", route)]
        } else {
            vec![
                ("method", bounded(end.facts.method(), METHOD).into_owned().into()),
                ("path", bounded(end.facts.path(), MAX_PATH).into_owned().into()),
                ("route", route),
                ("status_code", FieldValue::from(end.status)),
            ]
        };
        fields.push(("duration_ms", millis.into()));
        fields.push(("outcome", FieldValue::from_static(end.outcome_name())));
        let counts = call::counts(end.context);
        fields.extend(counts.map(|(kind, count)| (kind.count_name(), count.into())));
        fields.extend(end.context.fields());
        if let Some(error) = end.context.error() {
            fields.push(("error", error.message().into()));
        }
        let message = if job { "Job" } else { "HTTP Request" };
        let head = Head { level, message, target: ACCESS, context: Some(end.context) };
        let at = end.clock.unix(end.start + end.duration);
        push(self.line(at, &head, &fields).as_bytes());
    }

    pub(crate) fn slow_call(&self, call: &FinishedCall<'_>, push: impl FnOnce(&[u8])) {
        let fields: Vec<_> = call::fields(call).collect();
        let head = Head {
            level: Level::WARN,
            message: call::MESSAGE,
            target: CALLS,
            context: call.context,
        };
        let at = call.clock.unix(call.start + call.duration);
        push(self.line(at, &head, &fields).as_bytes());
    }

    pub(crate) fn gap(&self, at: Duration, count: u64) -> Vec<u8> {
        let message = format!("{count} log lines were dropped");
        let head = Head { level: Level::WARN, message: &message, target: "obs", context: None };
        self.line(at, &head, &[]).into_bytes()
    }

    fn line(&self, at: Duration, head: &Head<'_>, fields: &[(&'static str, FieldValue)]) -> String {
        let mut paint = Paint::new(self.color);
        let mut stamp = Stamp::default();
        // A person who watches knows the day.
        let time = std::str::from_utf8(&stamp.text(at)[DATE..]).unwrap_or_default();
        paint.dim(time);
        paint.level(head.level);
        paint.message(head.message);
        for (name, value) in fields {
            paint.field(name, value);
        }
        paint.dim(&format!("  {}", head.target));
        if let Some(context) = head.context {
            paint.id("request", &context.request_id().to_string());
            if let Some(trace) = context.trace() {
                paint.id("trace", trace.trace_id.hex().as_str());
            }
        }
        paint.finish(self.limit)
    }
}

/// Adds the fields whose names are not there yet.
fn add<'a>(
    fields: &mut Vec<(&'static str, FieldValue)>,
    more: impl IntoIterator<Item = &'a (&'static str, FieldValue)>,
) {
    for (name, value) in more {
        if fields.iter().all(|(known, _)| known != name) {
            fields.push((name, value.clone()));
        }
    }
}
