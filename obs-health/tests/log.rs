//! What the log is told.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

mod common;

use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use common::{failing, health, passing, uncached};
use obs_health::Check;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "obs"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        struct Text(String);
        impl Visit for Text {
            fn record_debug(&mut self, _: &Field, value: &dyn Debug) {
                self.0 = format!("{} {value:?}", self.0);
            }
        }
        let mut text = Text(event.metadata().level().to_string());
        event.record(&mut text);
        self.0.lock().unwrap().push(text.0);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn each_change_is_told_once_without_credentials() {
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let health = health(uncached());
    let down = Arc::new(AtomicBool::new(false));
    let seen = down.clone();
    health.add(Check::new("database", move || {
        let down = seen.load(Ordering::Relaxed);
        async move {
            match down {
                true => Err("no answer from\npostgres://app:hunter2@db-7/orders"),
                false => Ok(()),
            }
        }
    }));
    for (is_down, told) in [
        (false, &[][..]),
        (
            true,
            &[
                "WARN health check \"database\" fails (error): no answer from postgres://[redacted]@db-7/orders",
            ],
        ),
        (false, &["INFO health check \"database\" passes again"]),
    ] {
        down.store(is_down, Ordering::Relaxed);
        for _ in 0..3 {
            health.ready().await;
        }
        assert_eq!(lines.take(), told);
    }
}

#[tokio::test]
async fn a_replaced_check_goes_on_where_the_other_was() {
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let health = health(uncached());
    health.add(failing("database"));
    health.ready().await;
    assert_eq!(lines.take().len(), 1);
    health.add(failing("database"));
    health.ready().await;
    assert_eq!(lines.take(), [""; 0], "still failing");
    health.add(passing("database"));
    health.ready().await;
    assert_eq!(lines.take(), ["INFO health check \"database\" passes again"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_of_a_replaced_check_says_nothing() {
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let health = health(uncached());
    health.add(Check::new("database", std::future::pending::<Result<(), String>>));
    let (ready, ()) = tokio::join!(health.ready(), async {
        health.add(passing("database"));
    });
    assert_eq!(ready.status, 503, "the prober asked before");
    assert_eq!(health.ready().await.status, 200);
    assert_eq!(lines.take(), [""; 0]);
}

#[tokio::test]
async fn a_panic_s_message_is_not_told() {
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let health = health(uncached());
    health.add(Check::new("queue", || async {
        if true {
            panic!("hunter2");
        }
        Ok::<_, String>(())
    }));
    health.ready().await;
    assert_eq!(lines.take(), ["WARN health check \"queue\" fails (panic): the check panicked"]);
}
