//! The export thread: a runtime of its own in which everything is built, driven and dropped.

use std::any::Any;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use obs_core::export::{Envelope, SpanRecord};
use obs_core::{ServiceIdentity, redact};
use tokio::runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep_until, timeout_at};

use crate::backend::Backend;
use crate::envelope::Envelopes;
use crate::news::{News, Notice};
use crate::otlp::Otlp;
use crate::pipeline::Pipeline;
use crate::queue::Queue;
use crate::quiet::quiet;
use crate::reason::Reason;
use crate::target::{EnvelopeTarget, OtlpTarget};

/// How long the thread goes on when nobody can ask for a shutdown any more.
const ORPHANED: Duration = Duration::from_secs(1);

/// Dropped when what was asked for is done: whoever holds the other end of the channel in it wakes.
pub(crate) type Ticket = Box<dyn Any + Send>;

pub(crate) enum Control {
    /// Wait until everything up to a position of each queue has left, at most until the deadline.
    Flush { until: Positions, deadline: Instant, ticket: Ticket },
    /// End, at the deadline at the latest.
    Stop { deadline: Instant, ticket: Ticket },
}

/// Up to where to wait in each queue; `None` not at all.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Positions {
    pub(crate) traces: Option<u64>,
    pub(crate) errors: Option<u64>,
}

/// The queues that somebody empties.
#[derive(Clone, Default)]
pub(crate) struct Queues {
    pub(crate) traces: Option<Arc<Queue<Vec<SpanRecord>>>>,
    pub(crate) errors: Option<Arc<Queue<Envelope>>>,
}

impl Queues {
    pub(crate) fn abandon(&self, reason: Reason) {
        self.traces.iter().for_each(|queue| queue.abandon(reason));
        self.errors.iter().for_each(|queue| queue.abandon(reason));
    }

    fn close(&self) {
        self.traces.iter().for_each(|queue| queue.close());
        self.errors.iter().for_each(|queue| queue.close());
    }

    async fn settled(&self, until: Positions) {
        let traces = async {
            if let (Some(queue), Some(position)) = (&self.traces, until.traces) {
                queue.settled(position).await;
            }
        };
        let errors = async {
            if let (Some(queue), Some(position)) = (&self.errors, until.errors) {
                queue.settled(position).await;
            }
        };
        tokio::join!(traces, errors);
    }
}

/// What the thread works on.
pub(crate) struct Plan {
    pub(crate) queues: Queues,
    pub(crate) service: ServiceIdentity,
    pub(crate) traces: Option<OtlpTarget>,
    pub(crate) errors: Option<EnvelopeTarget>,
}

/// Starts the thread. If there can be none, everything is lost as unreachable, and that is said.
pub(crate) fn start(plan: Plan, control: UnboundedReceiver<Control>) {
    let queues = plan.queues.clone();
    let thread = thread::Builder::new().name("obs-export".to_owned());
    if let Err(error) = thread.spawn(move || run(&plan, control)) {
        queues.abandon(Reason::Unreachable);
        Notice::Warn(format!("no thread for exporting: {error}")).say();
    }
}

fn run(plan: &Plan, mut control: UnboundedReceiver<Control>) {
    // They wake whoever waits for the end, so they are dropped after everything else.
    let mut tickets = Vec::new();
    match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            runtime.block_on(drive(plan, &mut control, &mut tickets));
            // A name look-up may still run; it is not waited for.
            runtime.shutdown_background();
            plan.queues.abandon(Reason::Shutdown);
        }
        Err(error) => {
            plan.queues.abandon(Reason::Unreachable);
            Notice::Warn(format!("no runtime for exporting: {error}")).say();
        }
    }
    drop(control);
    drop(tickets);
}

async fn drive(plan: &Plan, control: &mut UnboundedReceiver<Control>, tickets: &mut Vec<Ticket>) {
    let (news, mut notices) = unbounded_channel();
    let work = async { tokio::join!(quiet(traces(plan, &news)), quiet(errors(plan, &news))) };
    let say = async {
        while let Some(notice) = notices.recv().await {
            notice.say();
        }
    };
    tokio::select! {
        _ = work => {}
        () = obey(&plan.queues, control, tickets) => {}
        () = say => {}
    }
    while let Ok(notice) = notices.try_recv() {
        notice.say();
    }
}

/// Returns when it is time to end, whatever is under way.
async fn obey(
    queues: &Queues,
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
                let queues = queues.clone();
                tokio::spawn(async move {
                    let _ = timeout_at(deadline.into(), queues.settled(until)).await;
                    drop(ticket);
                });
            }
            Some(Control::Stop { deadline, ticket }) => {
                queues.close();
                tickets.push(ticket);
                end = Some(end.map_or(deadline.into(), |end| deadline.min(end.into()).into()));
            }
            None => {
                queues.close();
                end = Some((Instant::now() + ORPHANED).into());
            }
        }
    }
}

async fn traces(plan: &Plan, news: &UnboundedSender<Notice>) {
    if let (Some(queue), Some(target)) = (&plan.queues.traces, &plan.traces) {
        let subject = format!("export of spans to {}", redact::text(&target.endpoint));
        pump(queue, Otlp::new(target, &plan.service), subject, news).await;
    }
}

async fn errors(plan: &Plan, news: &UnboundedSender<Notice>) {
    if let (Some(queue), Some(target)) = (&plan.queues.errors, &plan.errors) {
        let subject = format!("export of error events to {}", redact::text(&target.url));
        pump(queue, Envelopes::new(target), subject, news).await;
    }
}

async fn pump<B: Backend>(
    queue: &Queue<B::Item>,
    backend: std::io::Result<B>,
    subject: String,
    news: &UnboundedSender<Notice>,
) {
    let mut news = News::new(subject, news.clone());
    match backend {
        Ok(backend) => Pipeline::new(queue, backend, news).run().await,
        Err(error) => {
            queue.abandon(Reason::Unreachable);
            news.trouble(&error.to_string());
        }
    }
}
