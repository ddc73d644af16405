//! One failed request, read back from every end by its request id: is it the same trace everywhere?

mod end;
mod exemplar;
mod log;
mod request;
mod total;

use std::{fmt, time::Duration};

use anyhow::Result;
use obs_testing::receivers::Receivers;
use tokio::time::Instant;

pub(super) use self::request::FailedRequest;
use self::{end::End, log::Logged, request::Ids, total::Total};
use super::{
    progress::Step,
    seen::{self, Sample, Seen},
    service::Service,
};

/// How long export and log may take.
const DEADLINE: Duration = Duration::from_secs(10);

pub(super) struct ReadBack {
    request: FailedRequest,
    ends: Vec<End>,
    totals: Vec<Total>,
    refused: Vec<String>,
}

impl ReadBack {
    /// Reads until all ends agree, and goes on with what there is when the deadline passes.
    pub(super) async fn of(
        request: FailedRequest,
        service: &Service,
        receivers: &Receivers,
        seen: &Seen,
    ) -> Result<Self> {
        let _step = Step::start("reading one request back from every end")?;
        let deadline = Instant::now() + DEADLINE;
        let mut readback = Self { request, ends: vec![], totals: vec![], refused: vec![] };
        loop {
            let samples = seen::parse(&service.open_metrics().await?)?;
            let logged = Logged::read(service.log(), readback.request.request_id.as_deref())?;
            readback.totals = totals(&logged, receivers, &samples, seen);
            readback.ends = ends(&readback.request, logged, receivers, &samples);
            readback.refused = refused(receivers);
            if readback.disagreements().is_empty() || Instant::now() > deadline {
                return Ok(readback);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What is missing or differs, a line each.
    pub(super) fn disagreements(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.request.request_id.is_none() {
            found.push("  response header: there is no x-request-id".to_owned());
        }
        match self.request.ids() {
            Some(told) => found.extend(self.ends.iter().filter_map(|end| end.disagreement(&told))),
            None => found.push(match &self.request.trace_response {
                Some(header) => format!("  response header: traceresponse is {header:?}"),
                None => "  response header: there is no traceresponse".to_owned(),
            }),
        }
        found.extend(self.totals.iter().filter_map(Total::disagreement));
        found.extend(self.refused.iter().cloned());
        found
    }
}

impl fmt::Display for ReadBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let series = &self.request.series;
        let (method, path) = (&series.route.method, &series.route.pattern);
        writeln!(f, "One request, read back from every end ({method} {path}: {}):", series.status)?;
        for end in &self.ends {
            writeln!(f, "{end}")?;
        }
        writeln!(f, "All requests:")?;
        for total in &self.totals {
            writeln!(f, "{total}")?;
        }
        let disagreements = self.disagreements();
        if disagreements.is_empty() {
            let mark = console::style("✓").green();
            return writeln!(f, "{mark} the same trace id at every end, and nothing is missing");
        }
        let mark = console::style("✗").red();
        writeln!(f, "{mark} not every end tells the same:\n{}", disagreements.join("\n"))
    }
}

fn ends(
    request: &FailedRequest,
    logged: Logged,
    receivers: &Receivers,
    samples: &[Sample],
) -> Vec<End> {
    let told = request.ids().map(|ids| {
        let note = ids.span_id.as_ref().map(|span_id| format!("span {span_id}"));
        (ids, note.unwrap_or_default())
    });
    let line = |line: log::Line| (line.ids, format!("line {}: {}", line.number, line.message));
    vec![
        End::new("response header", "traceresponse", told),
        End::new("log file", "own line", logged.own.map(line)),
        End::new("log file", "access line", logged.access.map(line)),
        End::new("span", "OTLP", span(request, receivers)),
        End::new("error event", "envelope", event(request, receivers)),
        exemplar::of(request, samples),
    ]
}

fn span(request: &FailedRequest, receivers: &Receivers) -> Option<(Ids, String)> {
    let received = receivers.traces.received();
    let mut spans = received.recent.iter();
    let ours = spans.find(|span| {
        span.is_server && span.attribute("obs.request_id") == request.request_id.as_deref()
    })?;
    let of_trace = received.recent.iter().filter(|span| span.trace_id == ours.trace_id).count();
    let spans = if of_trace == 1 { "span" } else { "spans" };
    let ids = Ids { trace_id: ours.trace_id.clone(), span_id: Some(ours.span_id.clone()) };
    Some((ids, format!("{}; {of_trace} {spans} of this trace", ours.name)))
}

fn event(request: &FailedRequest, receivers: &Receivers) -> Option<(Ids, String)> {
    let received = receivers.errors.received();
    let mut events = received.recent.iter();
    let ours = events.find(|event| event.request_id == request.request_id)?;
    let ids = Ids { trace_id: ours.trace_id.clone()?, span_id: ours.span_id.clone() };
    Some((ids, ours.title.clone()))
}

fn totals(logged: &Logged, receivers: &Receivers, samples: &[Sample], seen: &Seen) -> Vec<Total> {
    let lost = |family: &str, signal: &str| {
        let of_signal = samples.iter().filter(|sample| {
            sample.name == family && (signal.is_empty() || sample.label("signal") == signal)
        });
        of_signal.map(|sample| sample.value as u64).sum::<u64>()
    };
    let requests = seen.counts.total();
    vec![
        Total {
            what: "access lines",
            arrived: logged.access_lines,
            expected: requests,
            of: "requests",
            lost: lost("obs_log_lines_dropped_total", ""),
        },
        Total {
            what: "server spans",
            arrived: receivers.traces.received().requests,
            expected: requests,
            of: "requests",
            lost: lost("obs_export_dropped_total", "traces"),
        },
        Total {
            what: "error events",
            arrived: receivers.errors.received().requests,
            expected: seen.counts.failed() + seen.aborted_as("body_error"),
            of: "failed requests",
            lost: lost("obs_export_dropped_total", "errors") + lost("obs_errors_dropped_total", ""),
        },
    ]
}

fn refused(receivers: &Receivers) -> Vec<String> {
    let traces = receivers.traces.received().refused.clone();
    let errors = receivers.errors.received().refused.clone();
    let line = |what: &str, why: String| format!("  {what}: a request could not be read: {why}");
    let traces = traces.map(|why| line("spans", why));
    traces.into_iter().chain(errors.map(|why| line("error events", why))).collect()
}
