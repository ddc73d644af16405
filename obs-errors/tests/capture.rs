//! What is captured, what is not, and how much.

mod common;

use std::time::Duration;

use common::{head, order, service, service_with, settings};
use obs_core::Outcome;
use obs_errors::ErrorSettings;

#[test]
fn each_ending_is_captured_once_or_not_at_all() {
    for (status, end, events) in [
        (200, Outcome::Complete, 0),
        (304, Outcome::Complete, 0),
        (404, Outcome::Complete, 0),
        (499, Outcome::Complete, 0),
        (499, Outcome::Cancelled, 0),
        (200, Outcome::CancelledInBody, 0),
        (101, Outcome::Upgraded, 0),
        (500, Outcome::Complete, 1),
        (503, Outcome::CancelledInBody, 1),
        (599, Outcome::BodyError, 1),
        (200, Outcome::BodyError, 1),
        (200, Outcome::Panic, 1),
    ] {
        let service = service();
        service.exchange(order(), status, end, |context| context.record_error(common::chain()));
        assert_eq!(service.sink.events().len(), events, "{status} {end}");
    }
}

#[test]
fn a_client_that_leaves_is_not_captured_and_a_panic_is_once() {
    let service = service();
    drop(service.begin(order()));
    let mut abandoned = service.begin(order());
    abandoned.headers(head(200));
    drop(abandoned);
    assert!(service.sink.events().is_empty());
    service.panic(order(), |_| panic!("once"));
    assert_eq!(service.sink.event()["tags"]["status_code"], "500");
}

#[test]
fn without_a_dsn_nothing_is_captured() {
    let service = service_with(ErrorSettings::default());
    service.answer(500);
    service.panic(order(), |_| panic!("unheard"));
    assert!(service.sink.events().is_empty());
    assert!(service.counts().values().all(|count| *count == 0));
}

#[test]
fn a_storm_is_cut_to_the_budget_and_counted() {
    let service = service();
    for _ in 0..60 {
        service.answer(500);
    }
    assert_eq!(service.sink.events().len(), 50, "the burst");
    service.hand.advance(Duration::from_millis(500));
    for _ in 0..60 {
        service.answer(500);
    }
    assert_eq!(service.sink.events().len(), 60, "half a second's share");
    let counts = service.counts();
    assert_eq!(counts["obs_errors_captured_total"], 60);
    assert_eq!(counts["obs_errors_dropped_total budget"], 60);
    assert_eq!(counts["obs_errors_dropped_total sampled_out"], 0);
}

#[test]
fn a_share_is_kept_and_the_rest_is_counted() {
    for (rate, range) in [(0.0, 0..=0), (0.5, 350..=650), (1.0, 1000..=1000)] {
        let mut settings = settings();
        settings.sample_rate = rate;
        settings.max_per_second = 1000;
        let service = service_with(settings);
        for _ in 0..1000 {
            service.answer(500);
        }
        let counts = service.counts();
        let captured = counts["obs_errors_captured_total"];
        assert!(range.contains(&captured), "{rate}: {captured}");
        assert_eq!(captured + counts["obs_errors_dropped_total sampled_out"], 1000);
        assert_eq!(counts["obs_errors_dropped_total budget"], 0);
        assert_eq!(service.sink.envelopes().len() as u64, captured);
    }
}

#[test]
fn clones_share_the_counters_and_nothing_prints_the_key() {
    let service = service();
    let clone = service.errors.clone();
    service.answer(500);
    let text = format!("{clone:?} {:?}", settings());
    assert!(!text.contains("0123abcd"), "{text}");
    assert!(text.contains("captured: 1"), "{text}");
}
