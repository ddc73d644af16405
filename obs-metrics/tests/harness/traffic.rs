//! Exchanges, driven as an adapter drives them, on a clock of their own.

use std::sync::Arc;
use std::time::Duration;

use obs_core::{
    Clock, Exchange, Facts, FakeClock, Finished, FinishedCall, Head, Headers, Lifecycle, Observer,
    Outcome, RequestContext, RequestInfo, Route,
};
use obs_metrics::{HttpMetrics, Metrics, db_query};

pub(crate) struct Traffic {
    pub(crate) lifecycle: Arc<Lifecycle<Red>>,
    clock: FakeClock,
}

pub(crate) type Request = Exchange<Red, Asked>;

/// How an exchange ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Complete,
    /// Before the headers.
    Cancelled,
    CancelledInBody,
    BodyError,
    Stream,
    Panic,
    Upgraded,
}

pub(crate) struct Red(Arc<HttpMetrics>);

impl Observer for Red {
    type State = ();

    fn begin(&self, request: &RequestInfo<'_>, context: &RequestContext) {
        self.0.begin(request, context);
    }

    fn finish(&self, (): (), end: &Finished<'_>) {
        self.0.finish((), end);
    }

    fn finish_call(&self, call: &mut FinishedCall<'_>) {
        self.0.finish_call(call);
    }
}

pub(crate) struct Asked {
    method: &'static str,
    route: Option<Arc<str>>,
}

impl Facts for Asked {
    fn method(&self) -> &str {
        self.method
    }

    fn path(&self) -> &str {
        "/never/a/label"
    }

    fn route(&self) -> Option<Route<'_>> {
        self.route.as_ref().map(|route| Route { pattern: route, owner: route })
    }
}

struct NoHeaders;

impl Headers for NoHeaders {
    fn get(&self, _: &str) -> Option<&[u8]> {
        None
    }
}

impl Traffic {
    pub(crate) fn new(metrics: &Arc<HttpMetrics>) -> Self {
        let (clock, hand) = Clock::fake();
        let lifecycle = Lifecycle::new(Red(Arc::clone(metrics))).with_clock(clock);
        Self { lifecycle: Arc::new(lifecycle), clock: hand }
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    pub(crate) fn begin(&self, method: &'static str, route: Option<&Arc<str>>) -> Request {
        let asked = Asked { method, route: route.cloned() };
        Exchange::begin(Arc::clone(&self.lifecycle), asked, &NoHeaders)
    }

    /// Ends `request` after `took`.
    pub(crate) fn end(&self, mut request: Request, status: u16, took: Duration, end: End) {
        self.clock.advance(took);
        let head = Head { status, bodyless: false, length: None, streaming: end == End::Stream };
        match end {
            End::Cancelled | End::Panic => {}
            _ => request.headers(head),
        }
        match end {
            End::Complete | End::Stream => request.finish(Outcome::Complete),
            End::BodyError => request.finish(Outcome::BodyError),
            End::Panic => request.finish(Outcome::Panic),
            End::Cancelled | End::CancelledInBody | End::Upgraded => drop(request),
        }
    }

    /// A whole exchange on this thread.
    pub(crate) fn exchange(
        &self,
        method: &'static str,
        route: Option<&Arc<str>>,
        status: u16,
        took: Duration,
        end: End,
    ) {
        self.end(self.begin(method, route), status, took, end);
    }

    /// `GET` with a handler that asks the database.
    pub(crate) fn asking(&self, metrics: &Metrics, route: &Arc<str>, queries: u32, status: u16) {
        let mut request = self.begin("GET", Some(route));
        request.in_scope(|| {
            for _ in 0..queries {
                let rows: Result<(), ()> = db_query!(handle: metrics, "select", Ok(()));
                assert!(rows.is_ok());
            }
        });
        self.end(request, status, Duration::from_millis(1), End::Complete);
    }

    /// `GET` with 200 after a millisecond.
    pub(crate) fn get(&self, route: &Arc<str>) {
        let took = Duration::from_millis(1);
        self.exchange("GET", Some(route), 200, took, End::Complete);
    }
}
