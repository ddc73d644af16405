//! Of which request and under which span a span is.

use std::sync::Arc;

use obs_core::spans;
use obs_core::{Exchange, Outcome, RequestContext, TraceContext};
use proptest::prelude::*;
use tracing::info_span;

use crate::service::{Get, NoHeaders, Service, trace, value};

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
    assert!(spans.iter().all(|span| span.flags.bits() == 0xa3), "all flags of the trace");
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
                        let mut exchange = Exchange::begin(Arc::clone(&lifecycle), Get, &NoHeaders);
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
