use std::any::Any;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use obs_actix::Middleware;
use obs_core::tower::{HttpFacts, ObserveLayer, RequestFacts};
use obs_core::{Facts, Keep, Lifecycle, Observer, Route};
use obs_store_benches::Operation;
use tokio::runtime::Runtime;
use tower_layer::layer_fn;
use tower_service::Service;

use crate::produced::Produced;
use crate::redacted::{Sample, redacted};
use crate::signals::{red, signals};
use crate::subscribed::spans;
use crate::{Drive, actix, app, calls};

/// A row of a table: what surrounds the router, or what the metric store does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Row {
    /// Nothing: the router as `axum::serve` runs it, its state resolved.
    Bare,
    /// An empty layer: what `Router::layer` costs by itself.
    NoopLayer,
    /// The lifecycle without a signal.
    Lifecycle,
    /// RED metrics, without the request id in the response.
    Red,
    /// RED metrics, and the request id in the response.
    RedId,
    /// [`RedId`](Self::RedId), and the id in the headers of the request.
    RedIdOnRequest,
    /// [`RedId`](Self::RedId) and an access line.
    AccessLine,
    /// [`AccessLine`](Self::AccessLine) with trace ids; nothing sampled.
    Traced,
    /// [`Traced`](Self::Traced) with error capture armed: what it costs a request that succeeds.
    Armed,
    /// All signals, error capture armed, one trace in ten kept.
    All10,
    /// All signals, error capture armed, every trace kept.
    All100,
    /// Nothing: actix's `App` as actix-http runs it.
    ActixBare,
    /// RED metrics over that, without the request id in the response.
    ActixRed,
    /// As [`All10`](Self::All10), over actix.
    ActixAll10,
    /// A span with a line in it, with our layers only in the subscriber.
    SpanLine,
    /// [`SpanLine`](Self::SpanLine), with a layer of the application's beside ours.
    ForeignLayer,
    /// All signals over an exchange without a router, no trace kept.
    NoCall,
    /// The same with an outgoing call in it.
    Call,
    /// As [`NoCall`](Self::NoCall), every trace kept.
    NoCallKept,
    /// As [`Call`](Self::Call), every trace kept.
    CallKept,
    /// Redaction by itself, for each byte of a text.
    Redact(Sample),
    /// The metric store by itself.
    Store(Operation),
}

impl Row {
    const REQUESTS: [Self; 20] = [
        Self::Bare,
        Self::NoopLayer,
        Self::Lifecycle,
        Self::Red,
        Self::RedId,
        Self::RedIdOnRequest,
        Self::AccessLine,
        Self::Traced,
        Self::Armed,
        Self::All10,
        Self::All100,
        Self::ActixBare,
        Self::ActixRed,
        Self::ActixAll10,
        Self::SpanLine,
        Self::ForeignLayer,
        Self::NoCall,
        Self::Call,
        Self::NoCallKept,
        Self::CallKept,
    ];

    /// All rows, in the order of the tables.
    pub fn all() -> impl Iterator<Item = Self> {
        let ours = |operation: &Operation| obs_store_benches::bench(*operation).is_some();
        let operations = Operation::ALL.into_iter().filter(ours).map(Self::Store);
        let samples = Sample::ALL.into_iter().map(Self::Redact);
        Self::REQUESTS.into_iter().chain(samples).chain(operations)
    }

    /// What is counted: `request`, `operation` or `byte`.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Redact(_) => "byte",
            Self::Store(_) | Self::SpanLine | Self::ForeignLayer => "operation",
            _ => "request",
        }
    }

    /// How many of them come first, uncounted.
    #[must_use]
    pub const fn warm_up(self) -> u32 {
        match self {
            Self::Redact(_) | Self::Store(_) => self.times(),
            _ => 300,
        }
    }

    /// How many of them are counted.
    #[must_use]
    pub const fn times(self) -> u32 {
        match self {
            Self::Redact(_) => Sample::BYTES,
            Self::Store(operation) => operation.times(),
            _ => 200,
        }
    }

    /// The name on the command line and in `budgets.toml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::NoopLayer => "noop-layer",
            Self::Lifecycle => "lifecycle",
            Self::Red => "red",
            Self::RedId => "red-id",
            Self::RedIdOnRequest => "red-id-on-request",
            Self::AccessLine => "access-line",
            Self::Traced => "traced",
            Self::Armed => "armed",
            Self::All10 => "all-10",
            Self::All100 => "all-100",
            Self::ActixBare => "actix-bare",
            Self::ActixRed => "actix-red",
            Self::ActixAll10 => "actix-all-10",
            Self::SpanLine => "span-line",
            Self::ForeignLayer => "foreign-layer",
            Self::NoCall => "no-call",
            Self::Call => "call",
            Self::NoCallKept => "no-call-kept",
            Self::CallKept => "call-kept",
            Self::Redact(sample) => sample.name(),
            Self::Store(operation) => operation.name(),
        }
    }

    pub(crate) fn build(self, runtime: &Runtime) -> (Drive, Produced) {
        let router = app::router();
        let (lifecycle, produced) = match self {
            Self::Bare => return (app::driven(resolved(router)), Produced::Nothing),
            Self::NoopLayer => {
                return (app::driven(resolved(router.layer(layer_fn(Noop)))), Produced::Nothing);
            }
            Self::Lifecycle => {
                let lifecycle = Lifecycle::new(());
                let mut ids = lifecycle.request_ids().clone();
                ids.echo = false;
                let lifecycle = lifecycle.with_request_ids(ids);
                return (app::driven(observed(router, lifecycle)), Produced::Nothing);
            }
            Self::NoCall | Self::Call => return calls(0.0, self == Self::Call),
            Self::NoCallKept | Self::CallKept => return calls(1.0, self == Self::CallKept),
            Self::Redact(sample) => return redacted(sample),
            Self::Store(operation) => return store(operation),
            Self::SpanLine => return spans(false),
            Self::ForeignLayer => return spans(true),
            Self::ActixBare => return (actix::bare(runtime), Produced::Nothing),
            Self::Red | Self::ActixRed => red(false),
            Self::RedId => red(true),
            Self::RedIdOnRequest => {
                let (lifecycle, produced) = red(true);
                let mut ids = lifecycle.request_ids().clone();
                ids.on_request = true;
                (lifecycle.with_request_ids(ids), produced)
            }
            Self::AccessLine => signals(None, false),
            Self::Traced => signals(Some(0.0), false),
            Self::Armed => signals(Some(0.0), true),
            Self::All10 | Self::ActixAll10 => signals(Some(0.1), true),
            Self::All100 => signals(Some(1.0), true),
        };
        let drive = match self {
            Self::ActixRed | Self::ActixAll10 => {
                actix::observed(runtime, Middleware::new(Arc::new(lifecycle)))
            }
            _ => app::driven(observed(router, lifecycle)),
        };
        (drive, produced)
    }
}

impl FromStr for Row {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let row = Self::all().find(|row| row.name() == name);
        row.ok_or_else(|| format!("no row is called {name:?}: see --list"))
    }
}

#[allow(clippy::expect_used, reason = "a bench; `Row::all` names only what there is")]
fn store(operation: Operation) -> (Drive, Produced) {
    let bench = Arc::new(obs_store_benches::bench(operation).expect("an operation of ours"));
    let produced = Produced::Operation(operation, Arc::clone(&bench));
    (Box::new(move |_, count| bench.run(count)), produced)
}

fn calls(share: f64, call: bool) -> (Drive, Produced) {
    let (lifecycle, produced) = signals(Some(share), true);
    (calls::requests(lifecycle, call), produced)
}

/// As `axum::serve` calls it.
fn resolved(router: Router) -> Router {
    router.with_state(())
}

fn observed<O: Observer<State: Send> + Send + Sync>(
    router: Router,
    lifecycle: Lifecycle<O>,
) -> Router {
    resolved(router.layer(ObserveLayer::<O, PlainFacts>::new(Arc::new(lifecycle))))
}

#[derive(Clone)]
struct Noop<S>(S);

impl<S: Service<Request>> Service<Request> for Noop<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> S::Future {
        self.0.call(request)
    }
}

/// Facts as obs-axum keeps them.
struct PlainFacts {
    http: HttpFacts,
    matched: Option<Matched>,
}

struct Matched(MatchedPath);

impl Keep for Matched {
    fn keep(&self) -> Box<dyn Any> {
        Box::new(self.0.clone())
    }
}

impl RequestFacts for PlainFacts {
    const CALLED_IN_POLL: bool = true;

    fn of<B>(request: &axum::http::Request<B>) -> Self {
        Self {
            http: HttpFacts::of(request),
            matched: request.extensions().get::<MatchedPath>().cloned().map(Matched),
        }
    }
}

impl Facts for PlainFacts {
    fn method(&self) -> &str {
        self.http.method()
    }

    fn path(&self) -> &str {
        self.http.path()
    }

    fn route(&self) -> Option<Route<'_>> {
        let matched = self.matched.as_ref()?;
        Some(Route { pattern: matched.0.as_str(), owner: matched })
    }
}
