//! Work without a request has a span too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod harness;

use std::sync::Arc;

use obs_core::export::SpanKind;
use obs_tracing::{Sampler, TracingSettings};
use tracing::{Instrument, info_span};

use self::harness::{Service, attribute, shown};

const SERVER: &str = "GET /orders/{id}";

fn service() -> Service {
    Service::new(&TracingSettings::default())
}

#[tokio::test]
async fn a_job_of_its_own_is_a_trace() {
    let service = service();
    let _guard = service.subscribe();
    let work = async {
        obs_core::RequestContext::current().unwrap().add("rows", 7);
        info_span!("step").in_scope(|| {});
        Ok::<_, String>(())
    };
    service.lifecycle.job("nightly-report", work).await.unwrap();
    let job = service.memory.named("nightly-report");
    assert_eq!(
        shown(&job),
        "Internal \"nightly-report\"\nobs.outcome=complete\nobs.request_id=..\nrows=7"
    );
    assert!(job.parent.is_none());
    let step = service.memory.named("step");
    assert_eq!((step.trace_id, step.parent), (job.trace_id, Some(job.span_id)));
}

#[tokio::test]
async fn a_failed_and_a_cancelled_job() {
    let service = service();
    let failed =
        service.lifecycle.job("import", async { Err::<(), _>("no password=hunter2 file") });
    failed.await.unwrap_err();
    let span = service.memory.named("import");
    assert_eq!(attribute(&span, "error.type").unwrap().to_string(), "_OTHER");
    assert_eq!(span.error.as_deref(), Some("no password=[redacted] file"));

    let mut job =
        Box::pin(service.lifecycle.job("export", std::future::pending::<Result<(), String>>()));
    let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(job.as_mut().poll(cx))).await;
    assert!(polled.is_pending());
    drop(job);
    let span = service.memory.named("export");
    assert_eq!(attribute(&span, "obs.outcome").unwrap().to_string(), "cancelled");
    assert_eq!(attribute(&span, "error.type").unwrap().to_string(), "cancelled");
    assert!(span.error.is_none());
}

#[tokio::test]
async fn a_job_within_a_request_is_its_child() {
    let service = Arc::new(service());
    let _guard = service.subscribe();
    let job = async |name| {
        let work = async {
            info_span!("step").in_scope(|| {});
            Ok::<_, String>(())
        };
        service.lifecycle.job(name, work).await.unwrap();
    };
    service
        .get(async || {
            job("direct").await;
            job("in-span").instrument(info_span!("outer")).await;
        })
        .await;
    let memory = &service.memory;
    let (server, outer) = (memory.named(SERVER), memory.named("outer"));
    let (direct, in_span) = (memory.named("direct"), memory.named("in-span"));
    assert_eq!(direct.parent, Some(server.span_id));
    assert_eq!(in_span.parent, Some(outer.span_id));
    for job in [&direct, &in_span] {
        assert_eq!((job.trace_id, job.kind), (server.trace_id, SpanKind::Internal));
        assert!(!job.parent_is_remote);
        // Not of the span around the job, although that is what this thread was in.
        let step = memory.spans().into_iter().find(|step| step.parent == Some(job.span_id));
        assert_eq!(step.unwrap().name, "step");
    }
}

#[tokio::test]
async fn a_job_in_a_task_that_only_carries_the_span_is_a_child_too() {
    let service = Arc::new(service());
    let _guard = service.subscribe();
    service
        .get(async || {
            let lifecycle = Arc::clone(&service.lifecycle);
            let job = lifecycle.job("mail", async { Ok::<_, String>(()) });
            tokio::spawn(job.instrument(info_span!("carrier"))).await.unwrap().unwrap();
        })
        .await;
    let (mail, carrier) = (service.memory.named("mail"), service.memory.named("carrier"));
    assert_eq!((mail.trace_id, mail.parent), (carrier.trace_id, Some(carrier.span_id)));
}

#[tokio::test]
async fn a_job_follows_the_decision_for_its_request() {
    let mut settings = TracingSettings::default();
    settings.sampler = Sampler::ratio(0.5).parent_based();
    let service = Arc::new(Service::new(&settings));
    let _guard = service.subscribe();
    for _ in 0..50 {
        service
            .get(async || {
                let job = service.lifecycle.job("mail", async { Ok::<_, String>(()) });
                job.await.unwrap();
            })
            .await;
    }
    let spans = service.memory.spans();
    let named = |name| spans.iter().filter(|span| span.name == name).count();
    assert_eq!(named("mail"), named(SERVER));
    assert!((5..45).contains(&named(SERVER)));
}
