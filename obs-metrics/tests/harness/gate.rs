//! A source that waits.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};

use obs_core::source::{Collector, Family, Kind, Source, Value};

/// Shows its family only when it is let; counts how often.
#[derive(Default)]
pub(crate) struct Gate {
    pub(crate) asked: AtomicUsize,
    open: Mutex<bool>,
    changed: Condvar,
}

impl Gate {
    pub(crate) fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.changed.notify_all();
    }
}

impl Source for Gate {
    fn collect(&self, out: &mut dyn Collector) {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let open = self.open.lock().unwrap();
        drop(self.changed.wait_while(open, |open| !*open).unwrap());
        out.family(&Family::new("gate", Kind::Gauge, "Behind the gate."));
        out.sample(&[], Value::Integer(1));
    }
}
