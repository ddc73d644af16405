use std::any::Any;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use obs_actix::Middleware;
use obs_core::tower::{HttpFacts, ObserveLayer, RequestFacts};
use obs_core::{Facts, Keep, Lifecycle, Observer, Route};
use tokio::runtime::Runtime;
use tower_layer::layer_fn;
use tower_service::Service;

use crate::produced::Produced;
use crate::signals::{red, signals};
use crate::{Drive, actix, app};

/// A row of the table: what surrounds the router.
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
    /// [`RedId`](Self::RedId) and an access line.
    AccessLine,
    /// [`AccessLine`](Self::AccessLine) with trace ids, also in the response; nothing sampled.
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
}

impl Row {
    /// All rows, in the order of the table.
    pub const ALL: [Self; 13] = [
        Self::Bare,
        Self::NoopLayer,
        Self::Lifecycle,
        Self::Red,
        Self::RedId,
        Self::AccessLine,
        Self::Traced,
        Self::Armed,
        Self::All10,
        Self::All100,
        Self::ActixBare,
        Self::ActixRed,
        Self::ActixAll10,
    ];

    /// The name on the command line and in `budgets.toml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::NoopLayer => "noop-layer",
            Self::Lifecycle => "lifecycle",
            Self::Red => "red",
            Self::RedId => "red-id",
            Self::AccessLine => "access-line",
            Self::Traced => "traced",
            Self::Armed => "armed",
            Self::All10 => "all-10",
            Self::All100 => "all-100",
            Self::ActixBare => "actix-bare",
            Self::ActixRed => "actix-red",
            Self::ActixAll10 => "actix-all-10",
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
            Self::ActixBare => return (actix::bare(runtime), Produced::Nothing),
            Self::Red | Self::ActixRed => red(false),
            Self::RedId => red(true),
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
        let row = Self::ALL.into_iter().find(|row| row.name() == name);
        row.ok_or_else(|| format!("no row is called {name:?}: see --list"))
    }
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
