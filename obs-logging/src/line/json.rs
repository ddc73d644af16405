use std::sync::Arc;
use std::time::Duration;

use obs_core::spans::Node;
use obs_core::{Finished, FinishedCall, ServiceIdentity, Work};
use tracing_core::{Event, Level, Metadata};
use tracing_log::NormalizeEvent as _;

use super::call;
use super::escape::{escape, fitting};
use super::record::Record;
use super::reserved;
use super::scope::Scope;
use super::scratch::{self, Scratch};
use super::stamp::{Stamp, TEXT};
use super::visit::{Fields, Part};
use crate::levels::{ACCESS, CALLS};

/// One JSON object per line.
#[derive(Clone)]
pub(crate) struct Json {
    /// `,"service":"orders","environment":"production"`
    identity: Arc<[u8]>,
    /// What lines of requests, and of jobs, have between level and request id.
    request: Arc<[u8]>,
    job: Arc<[u8]>,
    limit: usize,
}

/// Longest service and environment, method, route, path, in bytes.
const IDENTITY: usize = 256;
pub(super) const METHOD: usize = 32;
const ROUTE: usize = 512;
const PATH: usize = 2048;

impl Json {
    pub(crate) fn new(service: &ServiceIdentity, limit: usize) -> Self {
        let mut identity = b",\"service\":\"".to_vec();
        escape(fitting(&service.name, IDENTITY), &mut identity);
        identity.extend_from_slice(b"\",\"environment\":\"");
        escape(fitting(&service.environment, IDENTITY), &mut identity);
        identity.push(b'"');
        let access = |message| middle(message, &identity, ACCESS).into();
        Self {
            request: access("HTTP Request"),
            job: access("Job"),
            identity: identity.into(),
            limit,
        }
    }

    pub(crate) fn event(&self, event: &Event<'_>, at: Duration, push: impl FnOnce(&[u8])) {
        scratch::with(|Scratch { line, text, seen, stamp, callsites }| {
            let callsite = callsites.of(event);
            let record_of_log =
                callsite.of_log_crate.then(|| event.normalized_metadata()).flatten();
            let scope = Scope::of(event);
            let mut record = Record::new(line, self.limit);
            record.raw(b"{\"timestamp\":\"");
            record.raw(stamp.text(at));
            record.raw(callsite.level);
            let mut fields = Fields {
                record: &mut record,
                text,
                callsite,
                identity: &self.identity,
                target: record_of_log.as_ref().map(Metadata::target),
                scope: &scope,
                seen,
                part: Part::All,
            };
            if !callsite.message_first {
                fields.part = Part::Message;
                event.record(&mut fields);
                fields.head();
            }
            event.record(&mut fields);
            fields.head();
            spans(&mut record, seen, scope.node());
            push(record.finish());
        });
    }

    pub(crate) fn access(&self, end: &Finished<'_>, level: Level, push: impl FnOnce(&[u8])) {
        let job = end.facts.work() == Work::Job;
        scratch::with(|Scratch { line, stamp, .. }| {
            let mut record = Record::new(line, self.limit);
            let at = end.clock.unix(end.start + end.duration);
            let middle = if job { &self.job } else { &self.request };
            head(&mut record, stamp.text(at), level, middle);
            record.ids(end.context, None);
            if job {
                finished_job(&mut record, end)
            } else {
                request(&mut record, end)
            }
            call::counts(end.context).for_each(|(kind, count)| {
                if record.key(call::key(kind)) {
                    record.integer(count);
                }
            });
            for (name, value) in end.context.fields() {
                record.field(name, &value, reserved::of_access_line);
            }
            if let Some(error) = end.context.error()
                && record.key(b",\"error\":")
            {
                record.quoted_clean(&error.message());
            }
            push(record.finish());
        });
    }

    pub(crate) fn slow_call(&self, call: &FinishedCall<'_>, push: impl FnOnce(&[u8])) {
        scratch::with(|Scratch { line, stamp, .. }| {
            let mut record = Record::new(line, self.limit);
            let at = call.clock.unix(call.start + call.duration);
            let middle = middle(call::MESSAGE, &self.identity, CALLS);
            head(&mut record, stamp.text(at), Level::WARN, &middle);
            match (call.context, call.place.map(|place| place.trace)) {
                (Some(context), trace) => record.ids(context, trace.map(|trace| trace.span_id)),
                (None, Some(trace)) => record.trace(trace.trace_id, trace.span_id),
                (None, None) => {}
            }
            for (name, value) in call::fields(call) {
                record.field(name, &value, |_| false);
            }
            push(record.finish());
        });
    }

    pub(crate) fn gap(&self, at: Duration, count: u64) -> Vec<u8> {
        let mut line = Vec::new();
        let mut record = Record::new(&mut line, self.limit);
        let message = format!("{count} log lines were dropped");
        let mut stamp = Stamp::default();
        let middle = middle(&message, &self.identity, "obs");
        head(&mut record, stamp.text(at), Level::WARN, &middle);
        record.raw(b",\"dropped\":");
        record.integer(count);
        record.finish();
        line
    }
}

/// Message, service and target of a line of our own. The message needs no escape.
fn middle(message: &str, identity: &[u8], target: &str) -> Vec<u8> {
    [
        b"\",\"message\":\"",
        message.as_bytes(),
        b"\"",
        identity,
        b",\"target\":\"",
        target.as_bytes(),
        b"\"",
    ]
    .concat()
}

/// Everything before the ids, of a line of our own.
#[inline]
fn head(record: &mut Record<'_>, at: &[u8; TEXT], level: Level, middle: &[u8]) {
    record.raw(b"{\"timestamp\":\"");
    record.raw(at);
    record.raw(b"\",\"level\":\"");
    record.raw(level.as_str().as_bytes());
    record.raw(middle);
}

/// The fields of the spans, from inner to outer, without those that are there already.
fn spans(record: &mut Record<'_>, seen: &mut Vec<&'static str>, innermost: Option<&Node>) {
    for node in std::iter::successors(innermost, |node| node.parent()) {
        node.with_fields(|fields| {
            for (name, value) in fields.as_slice() {
                if !seen.contains(name) {
                    seen.push(name);
                    record.field(name, value, reserved::of_line);
                }
            }
        });
    }
}

fn request(record: &mut Record<'_>, end: &Finished<'_>) {
    record.raw(b",\"method\":\"");
    record.text(end.facts.method(), METHOD);
    record.raw(b"\",\"path\":\"");
    record.text(end.facts.path(), PATH);
    record.raw(b"\",\"route\":\"");
    record.text(end.route_name(), ROUTE);
    record.raw(b"\",\"status_code\":");
    record.integer(end.status);
    ending(record, end);
    if let Some(status) = end.grpc_status {
        record.raw(b",\"grpc_status\":");
        record.integer(status);
    }
}

fn finished_job(record: &mut Record<'_>, end: &Finished<'_>) {
    record.raw(b",\"job\":\"");
    record.text(end.route_name(), ROUTE);
    record.raw(b"\"");
    ending(record, end);
}

fn ending(record: &mut Record<'_>, end: &Finished<'_>) {
    record.raw(b",\"duration_ms\":");
    record.millis(end.duration);
    record.raw(b",\"outcome\":\"");
    record.raw(end.outcome_name().as_bytes());
    record.raw(b"\"");
}
