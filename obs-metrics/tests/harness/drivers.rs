//! What no macro tells of: calls of drivers, jobs, pools and refreshes, each way that it can end.

use std::cell::RefCell;
use std::fmt;
use std::future::pending;
use std::sync::Arc;

use futures_util::FutureExt as _;
use obs_core::{Call, CallKind, CallObserver, observe_call, set_call_observer};
use obs_metrics::Metrics;

use super::Traffic;

thread_local! {
    static OBSERVED_BY: RefCell<Option<Arc<Metrics>>> = const { RefCell::new(None) };
}

/// There is one observer of calls for all tests of a process.
struct OfThread;

impl CallObserver for OfThread {
    fn finish(&self, call: &Call<'_>) {
        let metrics = OBSERVED_BY.with_borrow(Option::clone);
        metrics.expect("a call of no test").finish(call);
    }
}

pub(crate) fn all(metrics: &Arc<Metrics>) {
    let _ = set_call_observer(Arc::new(OfThread));
    OBSERVED_BY.set(Some(Arc::clone(metrics)));
    let traffic = Traffic::new(metrics.http());
    for end in [None, Some(Ok(())), Some(Err(fmt::Error))] {
        let work = || async move {
            match end {
                Some(end) => end,
                None => pending().await,
            }
        };
        let call = observe_call(CallKind::External, "bkash", work());
        assert_eq!(call.now_or_never(), end);
        let job = traffic.lifecycle.job("nightly", work());
        assert_eq!(job.now_or_never(), end);
    }
    OBSERVED_BY.set(None);

    traffic.asking(metrics, &"/orders/{id}".into(), 3, 200);
    metrics.db_pool(7, 3, 20);
    metrics.refreshed("stock", false);
    metrics.refreshed("stock", true);
}
