//! Pushes to a gateway: what is sent, and what a real one makes of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::{assert_conserved, sample, service, wait_for};
use obs_core::Secret;
use obs_otlp::{ExportSettings, Exporter, PushTarget};
use obs_testing::{Fault, OK, Pushgateway, Scripted, faulty};

const SECONDS: Duration = Duration::from_secs(8);

fn gateway(port: u16) -> PushTarget {
    PushTarget::new(format!("http://127.0.0.1:{port}"))
}

fn start(target: PushTarget) -> Exporter {
    let settings = ExportSettings { push: Some(target), ..ExportSettings::default() };
    Exporter::start(&settings, &service(), None)
}

/// Pushes what is in the cell.
fn pushing(target: PushTarget, orders: &Arc<AtomicU64>) -> Exporter {
    let exporter = start(target);
    let orders = Arc::clone(orders);
    exporter.push_exposition(move || {
        let orders = orders.load(Ordering::Relaxed);
        Some(format!("# TYPE orders_total counter\norders_total{{kind=\"b2b\"}} {orders}\n"))
    });
    exporter
}

#[test]
fn the_end_pushes_everything_once() {
    let peer = Scripted::new(&["202 Accepted\r\n"]);
    let mut target = gateway(peer.port);
    target.url.push_str("/behind/");
    target.instance = Some("a/b".to_owned());
    target.credentials = Some(Secret::new("me:hunter2".to_owned()));
    let exporter = pushing(target, &Arc::new(AtomicU64::new(7)));
    let end = exporter.shutdown(SECONDS);
    assert_eq!((end.pushes.accepted, end.pushes.written), (1, 1));
    assert_eq!(sample(&exporter, "obs_export_written_total pushes"), 1);
    let [got] = &peer.got()[..] else { panic!("one") };
    let line = "put /behind/metrics/job/orders/instance@base64/ys9i http/1.1\r\n";
    assert!(got.head.starts_with(line), "{}", got.head);
    assert!(got.head.contains("content-type: text/plain; version=0.0.4"));
    // `me:hunter2`, in lower case as all of the head.
    assert!(got.head.contains("authorization: basic bwu6ahvudgvymg==\r\n"), "{}", got.head);
    assert_eq!(got.body, b"# TYPE orders_total counter\norders_total{kind=\"b2b\"} 7\n");
}

#[test]
fn it_is_pushed_at_every_interval_too() {
    let peer = Scripted::new(&[OK]);
    let mut target = gateway(peer.port);
    target.interval = Some(Duration::from_millis(50));
    let exporter = pushing(target, &Arc::default());
    wait_for("three pushes", || peer.got().len() >= 3);
    let end = exporter.shutdown(SECONDS).pushes;
    assert_eq!((end.written, end.dropped), (peer.got().len() as u64, 0));
}

#[test]
fn nothing_to_push_is_no_push() {
    let peer = Scripted::new(&[OK]);
    let exporter = start(gateway(peer.port));
    assert_eq!(exporter.flush(SECONDS).pushes.accepted, 0, "nobody has said what");
    exporter.push_exposition(|| None);
    assert_eq!(exporter.shutdown(SECONDS).pushes.accepted, 0);
    let exporter = start(gateway(peer.port));
    exporter.push_exposition(|| panic!("a test panics"));
    assert_eq!(exporter.flush(SECONDS).pushes.accepted, 0);
    exporter.shutdown(SECONDS);
    assert_eq!(peer.got().len(), 0);
}

#[test]
fn what_fails_is_tried_again_and_what_is_refused_is_not() {
    let peer = Scripted::new(&["503 Service Unavailable\r\n", OK, "400 Bad Request\r\n"]);
    let exporter = pushing(gateway(peer.port), &Arc::default());
    assert_eq!(exporter.flush(SECONDS).pushes.written, 1);
    let end = exporter.shutdown(SECONDS).pushes;
    assert_eq!((end.accepted, end.written, peer.got().len()), (2, 1, 3));
    assert_eq!(sample(&exporter, "obs_export_dropped_total pushes rejected"), 1);
}

#[test]
fn a_dead_gateway_costs_the_deadline_and_no_more() {
    for fault in [Fault::Refuses, Fault::NeverAnswers, Fault::Resets] {
        let exporter = pushing(gateway(faulty(fault)), &Arc::default());
        let began = Instant::now();
        let end = exporter.shutdown(Duration::from_millis(500));
        assert!(began.elapsed() < Duration::from_millis(1100), "{fault:?} {:?}", began.elapsed());
        assert_conserved(end.pushes, 1);
        assert_eq!(end.pushes.written, 0);
    }
}

#[tokio::test]
async fn a_real_gateway_keeps_the_last_push_of_each_group() {
    let test = "a_real_gateway_keeps_the_last_push_of_each_group";
    let Some(gateway) = Pushgateway::start(test) else { return };
    let push = async |job: &str, instance: Option<&str>, orders| {
        let mut target = PushTarget::new(gateway.url());
        target.job = Some(job.to_owned());
        target.instance = instance.map(str::to_owned);
        let end = pushing(target, &Arc::new(AtomicU64::new(orders))).shutdown_async(SECONDS).await;
        assert_eq!(end.pushes.written, 1, "{job} {instance:?}");
    };
    push("nightly", None, 1).await;
    push("nightly", None, 2).await;
    push("nightly", Some("10.0.0.1:80"), 3).await;
    push("odd/né \"job\"", Some(".."), 4).await;
    push("nightly", Some(""), 5).await;
    let shown = gateway.metrics().await;
    for line in [
        // An empty instance is none: the fifth replaced the second.
        r#"orders_total{instance="",job="nightly",kind="b2b"} 5"#,
        r#"orders_total{instance="10.0.0.1:80",job="nightly",kind="b2b"} 3"#,
        r#"orders_total{instance="..",job="odd/né \"job\"",kind="b2b"} 4"#,
    ] {
        assert!(shown.contains(line), "{line}\nis not in\n{shown}");
    }
}
