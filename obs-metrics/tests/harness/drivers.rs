//! What no macro tells of: calls of drivers, jobs, pools and refreshes, each way that it can end.

use std::fmt;
use std::future::pending;
use std::sync::Arc;

use futures_util::FutureExt as _;
use obs_core::{CallKind, CallObserver, CallSite, observe_call};
use obs_metrics::Metrics;

use super::Traffic;

static QUERY: CallSite = CallSite::database("postgresql", "SELECT", "orders");
static COMMAND: CallSite = CallSite::cache("redis", "GET", "sessions");
static REQUEST: CallSite = CallSite::http("POST", "bkash");
static MESSAGE: CallSite = CallSite::messaging("kafka", "send", "orders");

pub(crate) fn all(metrics: &Arc<Metrics>) {
    let traffic = Traffic::new(metrics.http());
    for end in [None, Some(Ok(())), Some(Err(fmt::Error))] {
        let work = || async move {
            match end {
                Some(end) => end,
                None => pending().await,
            }
        };
        for site in [&QUERY, &COMMAND, &REQUEST, &MESSAGE] {
            let handle = Arc::clone(&traffic.lifecycle) as Arc<dyn CallObserver>;
            assert_eq!(observe_call(site.with(handle), work()).now_or_never(), end);
        }
        // Of a driver that finds its names at run time.
        let site = CallSite::dynamic(CallKind::Http, "http", "POST", "bkash");
        let handle = Arc::clone(&traffic.lifecycle) as Arc<dyn CallObserver>;
        let call = observe_call(obs_core::CallStart::from(site).with(handle), work());
        assert_eq!(call.now_or_never(), end);
        let job = traffic.lifecycle.job("nightly", work());
        assert_eq!(job.now_or_never(), end);
    }

    traffic.asking(metrics, &"/orders/{id}".into(), 3, 200);
    metrics.db_pool(7, 3, 20);
    metrics.refreshed("stock", false);
    metrics.refreshed("stock", true);
}
