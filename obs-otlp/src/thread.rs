//! The export thread: a runtime of its own in which everything is built, driven and dropped.

use std::any::Any;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use obs_core::{ServiceIdentity, redact};
use opentelemetry_proto::tonic::resource::v1::Resource;
use tokio::runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep_until, timeout_at};

use crate::backend::Backend;
use crate::envelope::Envelopes;
use crate::gateway::{self, Gateway};
use crate::inputs::Inputs;
use crate::metrics::{Metrics, Reader};
use crate::news::{News, Notice};
use crate::otlp::{Traces, resource};
use crate::outlets::{Outlets, Positions};
use crate::pipeline::Pipeline;
use crate::queue::Queue;
use crate::quiet::quiet;
use crate::reason::Reason;
use crate::settings::ExportSettings;
use crate::target::EnvelopeTarget;

/// How long the thread goes on when no handle can ask for a shutdown any more.
const ORPHANED: Duration = Duration::from_secs(1);

/// Dropped when what was asked for is done: the caller that holds the other end of its channel wakes.
pub(crate) type Ticket = Box<dyn Any + Send>;

pub(crate) enum Control {
    /// Wait until everything up to a position of each queue has left, at most until the deadline.
    Flush { until: Positions, deadline: Instant, ticket: Ticket },
    /// End, at the deadline at the latest.
    Stop { deadline: Instant, ticket: Ticket },
}

/// What the thread works on.
pub(crate) struct Plan {
    pub(crate) outlets: Outlets,
    pub(crate) inputs: Arc<Inputs>,
    pub(crate) settings: ExportSettings,
    pub(crate) service: ServiceIdentity,
    pub(crate) errors: Option<EnvelopeTarget>,
}

/// Starts the thread. If there can be none, everything is lost as unreachable, and that is said.
pub(crate) fn start(plan: Plan, control: UnboundedReceiver<Control>) {
    let outlets = plan.outlets.clone();
    let thread = thread::Builder::new().name("obs-export".to_owned());
    if let Err(error) = thread.spawn(move || run(&plan, control)) {
        outlets.abandon(Reason::Unreachable);
        Notice::Warn(format!("no thread for exporting: {error}")).say();
    }
}

fn run(plan: &Plan, mut control: UnboundedReceiver<Control>) {
    // They wake the callers that wait for the end, so they are dropped after everything else.
    let mut tickets = Vec::new();
    match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            runtime.block_on(drive(plan, &mut control, &mut tickets));
            // A name look-up may still run; it is not waited for.
            runtime.shutdown_background();
            plan.outlets.abandon(Reason::Shutdown);
        }
        Err(error) => {
            plan.outlets.abandon(Reason::Unreachable);
            Notice::Warn(format!("no runtime for exporting: {error}")).say();
        }
    }
    drop(control);
    drop(tickets);
}

async fn drive(plan: &Plan, control: &mut UnboundedReceiver<Control>, tickets: &mut Vec<Ticket>) {
    let (news, mut notices) = unbounded_channel();
    let resource = resource(&plan.service);
    let work = async {
        tokio::join!(
            quiet(traces(plan, &resource, &news)),
            quiet(errors(plan, &news)),
            quiet(metrics(plan, &resource, &news)),
            quiet(pushes(plan, &news)),
        )
    };
    let say = async {
        while let Some(notice) = notices.recv().await {
            notice.say();
        }
    };
    tokio::select! {
        _ = work => {}
        () = obey(&plan.outlets, control, tickets) => {}
        () = say => {}
    }
    while let Ok(notice) = notices.try_recv() {
        notice.say();
    }
}

/// Returns when it is time to end, whatever is under way.
async fn obey(
    outlets: &Outlets,
    control: &mut UnboundedReceiver<Control>,
    tickets: &mut Vec<Ticket>,
) {
    let mut end = None;
    loop {
        let order = match end {
            None => control.recv().await,
            Some(end) => match timeout_at(end, control.recv()).await {
                // Nobody is left to give orders.
                Ok(None) => return sleep_until(end).await,
                Ok(order) => order,
                Err(_) => return,
            },
        };
        match order {
            Some(Control::Flush { until, deadline, ticket }) => {
                let outlets = outlets.clone();
                tokio::spawn(async move {
                    let _ = timeout_at(deadline.into(), outlets.settled(until)).await;
                    drop(ticket);
                });
            }
            Some(Control::Stop { deadline, ticket }) => {
                outlets.close();
                tickets.push(ticket);
                end = Some(end.map_or(deadline.into(), |end| deadline.min(end.into()).into()));
            }
            None => {
                outlets.close();
                end = Some((Instant::now() + ORPHANED).into());
            }
        }
    }
}

async fn traces(plan: &Plan, resource: &Resource, news: &UnboundedSender<Notice>) {
    if let (Some(queue), Some(target)) = (&plan.outlets.traces, &plan.settings.traces) {
        let subject = format!("export of spans to {}", redact::text(&target.endpoint));
        pump(queue, Traces::new(target, resource), News::new(subject, news)).await;
    }
}

async fn errors(plan: &Plan, news: &UnboundedSender<Notice>) {
    if let (Some(queue), Some(target)) = (&plan.outlets.errors, &plan.errors) {
        let subject = format!("export of error events to {}", redact::text(&target.url));
        pump(queue, Envelopes::new(target), News::new(subject, news)).await;
    }
}

async fn metrics(plan: &Plan, resource: &Resource, news: &UnboundedSender<Notice>) {
    if let (Some(rounds), Some(export)) = (&plan.outlets.metrics, &plan.settings.metrics) {
        let subject = format!("export of metrics to {}", redact::text(&export.target.endpoint));
        let reader = Reader::new(export, plan.settings.queue_bytes);
        let backend = Metrics::new(&export.target, resource, reader.deltas());
        let mut faults = News::new("the export of metrics".to_owned(), news);
        tokio::join!(
            pump(&rounds.queue, backend, News::new(subject, news)),
            rounds.run(Some(export.interval), || {
                reader.read(&plan.inputs, &rounds.queue, &mut faults)
            }),
        );
    }
}

async fn pushes(plan: &Plan, news: &UnboundedSender<Notice>) {
    if let (Some(rounds), Some(target)) = (&plan.outlets.pushes, &plan.settings.push) {
        let subject = format!("push of metrics to {}", redact::text(&target.url));
        let backend = Gateway::new(target, &plan.service);
        let mut faults = News::new("the push of metrics".to_owned(), news);
        tokio::join!(
            pump(&rounds.queue, backend, News::new(subject, news)),
            rounds.run(target.interval, || gateway::read(&plan.inputs, &mut faults)),
        );
    }
}

async fn pump<B: Backend>(queue: &Queue<B::Item>, backend: std::io::Result<B>, mut news: News) {
    match backend {
        Ok(backend) => Pipeline::new(queue, backend, news).run().await,
        Err(error) => {
            queue.abandon(Reason::Unreachable);
            news.trouble(&error.to_string());
        }
    }
}
