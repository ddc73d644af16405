//! Spans of the application are children of the request's span.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod harness;

use std::sync::Arc;
use std::time::Duration;

use http::Request;
use obs_core::export::{SpanKind, SpanRecord};
use obs_core::{RequestContext, spans};
use obs_tracing::{Sampler, TracingSettings};
use tracing::level_filters::LevelFilter;
use tracing::{Instrument, info_span};
use tracing_subscriber::layer::SubscriberExt;

use self::harness::{Service, attribute, ok};

fn service() -> Service {
    Service::new(&TracingSettings::default())
}

const SERVER: &str = "GET /orders/{id}";

/// That `child` hangs under `parent`.
fn assert_under(child: &SpanRecord, parent: &SpanRecord) {
    assert_eq!(child.trace_id, parent.trace_id);
    assert_eq!(child.parent, Some(parent.span_id), "{} under {}", child.name, parent.name);
    assert!(!child.parent_is_remote && child.kind == SpanKind::Internal);
}

#[tracing::instrument(fields(rows))]
async fn query(table: &str) {
    tracing::Span::current().record("rows", 3);
    tokio::task::yield_now().await;
    render();
}

#[tracing::instrument]
fn render() {}

#[tokio::test]
async fn instrumented_functions_nest() {
    let service = service();
    let _guard = service.subscribe();
    service.get(async || query("orders").await).await;
    let memory = &service.memory;
    let [push] = &memory.pushes()[..] else { panic!("one push per request") };
    assert_eq!(push.len(), 3);
    let (server, outer, inner) =
        (memory.named(SERVER), memory.named("query"), memory.named("render"));
    assert_under(&outer, &server);
    assert_under(&inner, &outer);
    assert_eq!(attribute(&outer, "table").unwrap().to_string(), "orders");
    assert_eq!(attribute(&outer, "rows").unwrap().to_string(), "3");
}

#[tokio::test]
async fn ids_of_context_and_spans_are_the_same() {
    let service = service();
    let _guard = service.subscribe();
    let seen = std::sync::Mutex::new(None);
    service
        .get(async || {
            let context = RequestContext::current().unwrap();
            let span = info_span!("work").in_scope(|| spans::current().unwrap().span_id());
            *seen.lock().unwrap() =
                Some((context.trace().unwrap(), span, context.request_id().to_string()));
        })
        .await;
    let (trace, span, request_id) = seen.lock().unwrap().take().unwrap();
    let server = service.memory.named(SERVER);
    assert_eq!((server.trace_id, server.span_id), (trace.trace_id, trace.span_id));
    assert_eq!(service.memory.named("work").span_id, span);
    assert_eq!(attribute(&server, "obs.request_id").unwrap().to_string(), request_id);
}

#[tokio::test]
async fn spawned_work_stays_under_its_span() {
    let service = service();
    let _guard = service.subscribe();
    service
        .get(async || {
            let work = async {
                obs_core::spawn(async { info_span!("spawned").in_scope(|| {}) }).await.unwrap();
                tokio::spawn(
                    async { info_span!("inside").in_scope(|| {}) }.instrument(info_span!("plain")),
                )
                .await
                .unwrap();
            };
            work.instrument(info_span!("outer")).await;
            obs_core::spawn(async { info_span!("direct").in_scope(|| {}) }).await.unwrap();
        })
        .await;
    let memory = &service.memory;
    let (server, outer) = (memory.named(SERVER), memory.named("outer"));
    assert_under(&outer, &server);
    assert_under(&memory.named("spawned"), &outer);
    assert_under(&memory.named("plain"), &outer);
    assert_under(&memory.named("inside"), &memory.named("plain"));
    assert_under(&memory.named("direct"), &server);
}

#[tokio::test]
async fn blocking_work_and_bare_threads_stay_under_their_span() {
    let service = service();
    let _guard = service.subscribe();
    let dispatch = tracing::dispatcher::get_default(Clone::clone);
    service
        .get(async || {
            let within = |name: &'static str| {
                let dispatch = dispatch.clone();
                move || {
                    tracing::dispatcher::with_default(&dispatch, || {
                        let span = match name {
                            "blocking" => info_span!("blocking"),
                            _ => info_span!("thread"),
                        };
                        drop(span.entered());
                    });
                }
            };
            obs_core::spawn_blocking(within("blocking")).await.unwrap();
            let (span, work) = (info_span!("carrier"), within("thread"));
            std::thread::spawn(move || span.in_scope(work)).join().unwrap();
        })
        .await;
    let memory = &service.memory;
    assert_under(&memory.named("blocking"), &memory.named(SERVER));
    assert_under(&memory.named("carrier"), &memory.named(SERVER));
    assert_under(&memory.named("thread"), &memory.named("carrier"));
}

#[tokio::test]
async fn an_explicit_parent_counts() {
    let service = service();
    let _guard = service.subscribe();
    service
        .get(async || {
            let first = info_span!("first");
            info_span!("second").in_scope(|| drop(info_span!(parent: &first, "child")));
            info_span!("third").in_scope(|| drop(info_span!(parent: None, "root")));
        })
        .await;
    let memory = &service.memory;
    assert_under(&memory.named("child"), &memory.named("first"));
    // Without an outer span, but still of this request.
    assert_under(&memory.named("root"), &memory.named(SERVER));
}

#[tokio::test]
async fn a_span_that_outlives_its_request_is_pushed_alone() {
    let service = service();
    let _guard = service.subscribe();
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let released = std::sync::Mutex::new(Some(released));
    service
        .get(async || {
            let released = released.lock().unwrap().take().unwrap();
            let late = async { drop(released.await) }.instrument(info_span!("late"));
            let parent = async { drop(tokio::spawn(late)) };
            // Created within it, so that the registry holds it open.
            parent.instrument(info_span!("brief")).await;
            service.clock.advance(Duration::from_millis(5));
        })
        .await;
    service.clock.advance(Duration::from_millis(100));
    release.send(()).unwrap();
    let late = service.memory.later("late").await;
    let server = service.memory.named(SERVER);
    assert_under(&late, &server);
    assert_eq!(late.end - late.start, Duration::from_millis(105));
    assert_eq!(service.count("obs_spans_late_total"), 1);
    assert!(service.memory.pushes().iter().any(|push| *push == std::slice::from_ref(&late)));
}

#[tokio::test]
async fn a_late_child_does_not_make_its_parent_longer() {
    let service = service();
    let _guard = service.subscribe();
    let kept = std::sync::Mutex::new(None);
    service
        .get(async || {
            let outer = info_span!("outer");
            service.clock.advance(Duration::from_millis(1));
            outer.in_scope(|| {
                *kept.lock().unwrap() = Some(info_span!("child"));
                service.clock.advance(Duration::from_millis(2));
            });
        })
        .await;
    service.clock.advance(Duration::from_millis(100));
    drop(kept.lock().unwrap().take());
    let (outer, child) = (service.memory.named("outer"), service.memory.named("child"));
    assert_under(&child, &outer);
    assert_eq!(outer.end - outer.start, Duration::from_millis(3));
    assert_eq!(child.end - child.start, Duration::from_millis(102));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_requests_do_not_mix() {
    let service = Arc::new(service());
    // The dispatcher of a test is a thread's: every poll is given it.
    let subscriber = tracing_subscriber::registry().with(service.layer.clone());
    let dispatch = tracing::Dispatch::new(subscriber);
    let mut requests = tokio::task::JoinSet::new();
    for number in 0..200_u64 {
        let service = Arc::clone(&service);
        let request = async move {
            let request = Request::get(format!("/orders/{number}")).body(()).unwrap();
            let handler = async || {
                RequestContext::current().unwrap().add("number", number);
                for _ in 0..3 {
                    async {
                        tokio::task::yield_now().await;
                        async { tokio::task::yield_now().await }
                            .instrument(info_span!("inner", number))
                            .await;
                    }
                    .instrument(info_span!("outer", number))
                    .await;
                }
                ok()
            };
            service.send(request, handler).await;
        };
        requests
            .spawn(tracing::instrument::WithSubscriber::with_subscriber(request, dispatch.clone()));
    }
    while let Some(done) = requests.join_next().await {
        done.unwrap();
    }
    let pushes = service.memory.pushes();
    assert_eq!(pushes.len(), 200);
    for push in pushes {
        assert_eq!(push.len(), 7);
        let server = push.last().unwrap();
        let number = attribute(server, "number").unwrap();
        for span in &push {
            assert_eq!(span.trace_id, server.trace_id);
            assert_eq!(attribute(span, "number"), Some(number));
            match span.name.as_ref() {
                "outer" => assert_under(span, server),
                "inner" => {
                    let outer = push.iter().find(|outer| Some(outer.span_id) == span.parent);
                    assert_eq!(outer.unwrap().name, "outer");
                }
                name => assert_eq!(name, SERVER),
            }
        }
    }
}

#[tokio::test]
async fn spans_beyond_the_bound_are_counted() {
    let service = service();
    let _guard = service.subscribe();
    service.get(async || (0..300).for_each(|_| drop(info_span!("one")))).await;
    let server = service.memory.named(SERVER);
    assert_eq!(service.memory.spans().len(), 257);
    assert_eq!(attribute(&server, "obs.spans_dropped").unwrap().to_string(), "44");
    assert_eq!(service.count("obs_spans_dropped_total"), 44);
}

#[tokio::test]
async fn an_unsampled_request_exports_nothing() {
    let mut settings = TracingSettings::default();
    settings.sampler = Sampler::always_off();
    let service = Service::new(&settings);
    let _guard = service.subscribe();
    service.get(async || query("orders").await).await;
    assert!(service.memory.pushes().is_empty());
}

#[tokio::test]
async fn secrets_do_not_leave() {
    let service = service();
    let _guard = service.subscribe();
    service
        .get(async || {
            let url = "postgres://app:hunter2@db/orders";
            RequestContext::current().unwrap().add("db", url);
            drop(info_span!("work", session_token = "hunter2", password = ?"hunter2", url));
        })
        .await;
    let pushes = service.memory.pushes();
    assert!(!format!("{pushes:?}").contains("hunter2"), "{pushes:#?}");
    let span = service.memory.named("work");
    assert_eq!(attribute(&span, "session_token").unwrap().to_string(), "[redacted]");
}

#[tokio::test]
async fn the_level_of_log_lines_does_not_concern_the_server_span() {
    let service = service();
    let off = tracing_subscriber::registry().with(service.layer.clone()).with(LevelFilter::OFF);
    let _guard = tracing::subscriber::set_default(off);
    service.get(async || query("orders").await).await;
    let spans = service.memory.spans();
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].name, SERVER);
}
