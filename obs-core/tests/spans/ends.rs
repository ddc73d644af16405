//! When a span ends, and where it goes then.

use std::sync::Arc;
use std::time::Duration;

use obs_core::Clock;
use obs_core::spans::{self, SpanLayer};
use tracing::{Span, info_span};
use tracing_subscriber::layer::SubscriberExt;

use crate::service::Service;

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
