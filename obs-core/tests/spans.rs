//! What a layer of spans remembers, and what becomes of it.
#![cfg(feature = "spans")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use obs_core::export::{SpanRecord, SpanSink};
use obs_core::spans::{self, SpanLayer};
use obs_core::{
    Clock, Exchange, Facts, FakeClock, FieldValue, Finished, Headers, Lifecycle, Observer, Outcome,
    RequestContext, RequestInfo, Route, SpanId, TraceContext, TraceId,
};
use proptest::prelude::*;
use tracing::subscriber::DefaultGuard;
use tracing::{Span, info_span};
use tracing_subscriber::layer::SubscriberExt;

#[derive(Default)]
struct Memory(Mutex<Vec<SpanRecord>>);

impl SpanSink for Memory {
    fn push(&self, spans: Vec<SpanRecord>) {
        self.0.lock().unwrap().extend(spans);
    }
}

/// Keeps every trace; hands over the spans of the application only.
struct Traces(Arc<Memory>);

impl Observer for Traces {
    type State = ();

    fn begin(&self, _: &RequestInfo<'_>, context: &RequestContext) {
        context.set_trace(TraceContext {
            trace_id: TraceId::random(),
            span_id: SpanId::random(),
            parent: None,
            sampled: true,
        });
    }

    fn finish(&self, (): (), end: &Finished<'_>) {
        self.0.push(end.context.close_spans().0);
    }
}

struct Get;

impl Facts for Get {
    fn method(&self) -> &str {
        "GET"
    }

    fn path(&self) -> &str {
        "/"
    }

    fn route(&self) -> Option<Route<'_>> {
        None
    }
}

struct NoHeaders;

impl Headers for NoHeaders {
    fn get(&self, _: &str) -> Option<&[u8]> {
        None
    }
}

struct Service {
    lifecycle: Arc<Lifecycle<Traces>>,
    memory: Arc<Memory>,
    clock: FakeClock,
    _guard: DefaultGuard,
}

impl Service {
    /// With spans of this thread recorded, and taken by a sink.
    fn new() -> Self {
        let memory = Arc::new(Memory::default());
        let (clock, hand) = Clock::fake();
        let layer = SpanLayer::new(clock.clone(), Some(memory.clone()));
        let lifecycle = Lifecycle::new(Traces(memory.clone())).with_clock(clock);
        let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
        Self { lifecycle: Arc::new(lifecycle), memory, clock: hand, _guard: guard }
    }

    fn begin(&self) -> Exchange<Traces, Get> {
        Exchange::begin(Arc::clone(&self.lifecycle), Get, &NoHeaders, None)
    }

    /// The spans of one request with this handler, in the order of their ends.
    fn request(&self, handler: impl FnOnce()) -> Vec<SpanRecord> {
        let mut exchange = self.begin();
        exchange.in_scope(handler);
        exchange.finish(Outcome::Complete);
        self.taken()
    }

    fn taken(&self) -> Vec<SpanRecord> {
        std::mem::take(&mut *self.memory.0.lock().unwrap())
    }
}

fn trace(exchange: &Exchange<Traces, Get>) -> TraceContext {
    exchange.context().and_then(RequestContext::trace).unwrap()
}

fn value<'a>(span: &'a SpanRecord, name: &str) -> Option<&'a FieldValue> {
    span.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

#[test]
fn a_field_recorded_again_is_replaced() {
    let spans = Service::new().request(|| {
        let span = info_span!("work", state = "new", rows = tracing::field::Empty);
        span.record("state", "old").record("rows", 1).record("rows", 2);
        span.in_scope(|| {
            let node = spans::current().unwrap();
            node.with_fields(|fields| assert_eq!(fields.get("rows"), Some(&2_i64.into())));
        });
    });
    let names: Vec<_> = spans[0].attributes.iter().map(|(name, _)| name.as_ref()).collect();
    assert_eq!(names, ["state", "rows"]);
    assert_eq!(value(&spans[0], "state"), Some(&"old".into()));
}

#[test]
fn values_keep_their_types() {
    let spans = Service::new().request(|| {
        let error = std::io::Error::other("refused");
        let error: &(dyn std::error::Error + 'static) = &error;
        drop(info_span!(
            "work",
            flag = true,
            small = -1_i64,
            large = u64::MAX,
            huge = u128::MAX,
            share = 0.5,
            text = "a",
            debug = ?Some(1),
            display = %1.5,
            error
        ));
    });
    let shown: Vec<_> = spans[0].attributes.iter().map(|(_, value)| format!("{value:?}")).collect();
    assert_eq!(
        shown,
        [
            "Bool(true)",
            "I64(-1)",
            "U64(18446744073709551615)",
            "Text(\"340282366920938463463374607431768211455\")",
            "F64(0.5)",
            "Text(\"a\")",
            "Text(\"Some(1)\")",
            "Text(\"1.5\")",
            "Text(\"refused\")"
        ]
    );
    assert_eq!(spans[0].error.as_deref(), Some("refused"));
}

#[test]
fn an_error_that_is_false_is_none() {
    let spans = Service::new().request(|| {
        drop(info_span!("fine", error = false));
        drop(info_span!("failed", error = true));
    });
    assert_eq!(spans[0].error, None);
    assert_eq!(spans[1].error.as_deref(), Some(""));
}

#[test]
fn fields_are_bounded_and_what_is_left_out_is_counted() {
    struct Endless;
    impl fmt::Debug for Endless {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            (0..100_000).for_each(|_| write!(f, "é{}", 1).unwrap());
            Ok(())
        }
    }
    let spans = Service::new().request(|| {
        let large = "x".repeat(10_000);
        let too_large = "x".repeat(20_000);
        let span = info_span!("work", large, too_large, endless = ?Endless, second = large, n = 1);
        // It replaces the first one: there is room.
        span.record("large", "small").record("second", large.as_str());
    });
    let [span] = &spans[..] else { panic!("{}", spans.len()) };
    assert!(span.size() < 17 * 1024, "{}", span.size());
    assert_eq!(span.dropped_attributes, 3);
    assert_eq!(value(span, "large"), Some(&"small".into()));
    assert_eq!(value(span, "n"), Some(&1_i64.into()));
    assert!(value(span, "endless").is_none() && value(span, "second").is_some());
}

#[test]
fn secrets_are_not_even_formatted() {
    struct Explosive;
    impl fmt::Debug for Explosive {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("looked at");
        }
    }
    let spans = Service::new().request(|| {
        drop(info_span!("work", password = ?Explosive, url = "https://a:hunter2@b/?token=hunter2"));
    });
    assert_eq!(value(&spans[0], "password"), Some(&"[redacted]".into()));
    assert!(!format!("{spans:?}").contains("hunter2"));
}

#[test]
fn a_value_that_looks_at_its_own_span_does_not_hang() {
    struct Curious;
    impl fmt::Debug for Curious {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let node = spans::current().ok_or(fmt::Error)?;
            node.with_fields(|fields| write!(f, "{} before", fields.as_slice().len()))
        }
    }
    let spans = Service::new().request(|| {
        let span = info_span!("work", a = 1, looked = tracing::field::Empty);
        span.in_scope(|| span.record("looked", tracing::field::debug(Curious)));
    });
    assert_eq!(value(&spans[0], "looked"), Some(&"1 before".into()));
}

#[test]
fn a_span_is_of_the_request_that_was_entered_last() {
    let service = Service::new();
    // Of the process, as around `main`: the requests inside are still requests.
    let process = info_span!("process", pid = 1).entered();
    let mut outer = service.begin();
    let mut inner = service.begin();
    outer.in_scope(|| {
        let _span = info_span!("outer").entered();
        inner.in_scope(|| {
            let _span = info_span!("inner").entered();
            let context = spans::current_context().unwrap();
            assert_eq!(context.trace(), Some(trace_of(&spans::current().unwrap())));
            // Lines still see all spans around.
            let inner = spans::current().unwrap();
            let names: Vec<_> = std::iter::successors(Some(&*inner), |node| node.parent())
                .map(spans::Node::name)
                .collect();
            assert_eq!(names, ["inner", "outer", "process"]);
        });
        drop(info_span!("outer again"));
    });
    let traces = [trace(&outer), trace(&inner)];
    drop((outer, inner, process));
    let spans = service.taken();
    let of = |name: &str| spans.iter().find(|span| span.name == name).unwrap();
    assert_eq!(
        (of("inner").trace_id, of("inner").parent),
        (traces[1].trace_id, Some(traces[1].span_id))
    );
    assert_eq!(
        (of("outer").trace_id, of("outer").parent),
        (traces[0].trace_id, Some(traces[0].span_id))
    );
    assert_eq!(of("outer again").parent, Some(of("outer").span_id));
    assert!(!spans.iter().any(|span| span.name == "process"), "it is of no request");
}

fn trace_of(node: &spans::Node) -> TraceContext {
    node.context().and_then(RequestContext::trace).unwrap()
}

#[test]
fn a_guard_held_across_requests_does_not_mix_them() {
    let service = Service::new();
    let (mut first, mut second) = (service.begin(), service.begin());
    let held = first.in_scope(|| info_span!("held").entered());
    second.in_scope(|| {
        assert_eq!(
            spans::current_context().unwrap().trace(),
            RequestContext::current().unwrap().trace()
        );
        drop(info_span!("work"));
    });
    assert!(spans::current_context().is_none());
    let (first_trace, second_trace) = (trace(&first), trace(&second));
    drop((held, first, second));
    let spans = service.taken();
    let of = |name: &str| spans.iter().find(|span| span.name == name).unwrap();
    assert_eq!(of("held").trace_id, first_trace.trace_id);
    assert_eq!(
        (of("work").trace_id, of("work").parent),
        (second_trace.trace_id, Some(second_trace.span_id))
    );
}

#[test]
fn a_span_made_outside_is_of_no_request_but_its_children_are() {
    let service = Service::new();
    let outside = info_span!("outside");
    let spans = service.request(|| {
        outside.in_scope(|| drop(info_span!("child")));
        drop(info_span!(parent: &outside, "explicit"));
    });
    drop(outside);
    assert_eq!(spans.len(), 2);
    assert_eq!(spans[0].parent, spans[1].parent, "both under the request");
    assert!(service.taken().is_empty());
}

#[test]
fn a_span_carries_its_request_to_a_bare_thread() {
    let service = Service::new();
    let dispatch = tracing::dispatcher::get_default(Clone::clone);
    let mut exchange = service.begin();
    let span = exchange.in_scope(|| info_span!("carrier"));
    let expected = trace(&exchange);
    std::thread::spawn(move || {
        tracing::dispatcher::with_default(&dispatch, || {
            span.in_scope(|| {
                assert!(RequestContext::current().is_none());
                assert_eq!(spans::current_context().unwrap().trace(), Some(expected));
                drop(info_span!("child"));
            });
        });
    })
    .join()
    .unwrap();
    drop(exchange);
    let spans = service.taken();
    assert_eq!(spans[0].parent, Some(spans[1].span_id));
}

#[test]
fn one_span_on_two_threads() {
    let service = Service::new();
    let dispatch = tracing::dispatcher::get_default(Clone::clone);
    let spans = service.request(|| {
        let span = info_span!("shared");
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    tracing::dispatcher::with_default(&dispatch, || {
                        span.in_scope(|| drop(info_span!("child")));
                        assert!(spans::current().is_none());
                    });
                });
            }
        });
    });
    assert_eq!(spans.len(), 3);
    assert!(spans[..2].iter().all(|child| child.parent == Some(spans[2].span_id)));
}

#[test]
fn a_span_ends_when_it_closes_unless_only_children_held_it_open() {
    let service = Service::new();
    let wait = |millis| service.clock.advance(Duration::from_millis(millis));
    let mut child = Span::none();
    let spans = service.request(|| {
        let held = info_span!("held");
        held.in_scope(|| wait(1));
        wait(10);
        drop(held);
        let never = info_span!("never entered");
        wait(5);
        drop(never);
        info_span!("left").in_scope(|| {
            wait(2);
            child = info_span!("child");
        });
        wait(100);
        drop(std::mem::replace(&mut child, Span::none()));
    });
    let lasted: Vec<_> = spans
        .iter()
        .map(|span| (span.name.as_ref(), (span.end - span.start).as_millis()))
        .collect();
    assert_eq!(lasted, [("held", 11), ("never entered", 5), ("child", 100), ("left", 2)]);
}

#[test]
fn a_span_that_ends_after_its_request_goes_to_the_sink() {
    let service = Service::new();
    let mut kept = Span::none();
    assert!(service.request(|| kept = info_span!("late")).is_empty());
    // A later request may use the memory of the first one.
    assert_eq!(service.request(|| drop(info_span!("other"))).len(), 1);
    drop(kept);
    assert_eq!(service.taken()[0].name, "late");
}

#[test]
fn a_closed_span_is_forgotten() {
    let service = Service::new();
    let mut node = None;
    service.request(|| {
        info_span!("work").in_scope(|| node = spans::current().map(|node| Arc::downgrade(&node)));
    });
    assert!(node.unwrap().upgrade().is_none());
}

#[test]
fn without_a_sink_spans_serve_lines_only() {
    let service = Service::new();
    let layer = SpanLayer::new(Clock::system(), None);
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let spans = service.request(|| {
        let span = info_span!("work", order_id = 7).entered();
        let node = spans::current().unwrap();
        assert!(node.context().is_some());
        node.with_fields(|fields| assert_eq!(fields.get("order_id"), Some(&7_i64.into())));
        drop(span);
    });
    assert!(spans.is_empty());
}

#[test]
fn spans_of_many_threads_do_not_meet() {
    let service = Service::new();
    let dispatch = tracing::dispatcher::get_default(Clone::clone);
    std::thread::scope(|scope| {
        for thread in 0..8_u64 {
            let (dispatch, service) = (&dispatch, &service);
            let lifecycle = Arc::clone(&service.lifecycle);
            scope.spawn(move || {
                tracing::dispatcher::with_default(dispatch, || {
                    for number in 0..200_u64 {
                        let mut exchange =
                            Exchange::begin(Arc::clone(&lifecycle), Get, &NoHeaders, None);
                        exchange.in_scope(|| {
                            let _outer = info_span!("outer", id = thread << 32 | number).entered();
                            drop(info_span!("inner", id = thread << 32 | number));
                        });
                        exchange.finish(Outcome::Complete);
                    }
                });
            });
        }
    });
    let spans = service.taken();
    assert_eq!(spans.len(), 8 * 200 * 2);
    for pair in spans.chunks(2) {
        let [inner, outer] = pair else { panic!("pairs") };
        assert_eq!(inner.parent, Some(outer.span_id));
        assert_eq!(value(inner, "id"), value(outer, "id"));
    }
}

proptest! {
    /// Spans may be left in any order: the innermost is the last one entered that was not left.
    #[test]
    fn the_innermost_span_whatever_the_order(steps in proptest::collection::vec((0_usize..4, any::<bool>()), 0..40)) {
        let _service = Service::new();
        let names = ["a", "b", "c", "d"];
        let spans = [info_span!("a"), info_span!("b"), info_span!("c"), info_span!("d")];
        let mut guards: Vec<(usize, tracing::span::Entered<'_>)> = Vec::new();
        for (which, enter) in steps {
            if enter && !guards.iter().any(|(entered, _)| *entered == which) {
                guards.push((which, spans[which].enter()));
            } else if !guards.is_empty() {
                drop(guards.remove(which % guards.len()));
            }
            let current = spans::current().map(|node| node.name());
            prop_assert_eq!(current, guards.last().map(|(which, _)| names[*which]));
        }
    }
}
