use std::any::Any;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use obs_core::tower::{HttpFacts, ObserveLayer, RequestFacts};
use obs_core::{Facts, Keep, Lifecycle, Route};

use crate::produced::Produced;
use crate::signals::{red, signals};
use tower_layer::layer_fn;
use tower_service::Service;

use crate::{Target, app};

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
    /// All signals, error capture armed, one trace in ten kept.
    All10,
    /// All signals, error capture armed, every trace kept.
    All100,
}

impl Row {
    /// All rows, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::Bare,
        Self::NoopLayer,
        Self::Lifecycle,
        Self::Red,
        Self::RedId,
        Self::AccessLine,
        Self::Traced,
        Self::All10,
        Self::All100,
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
            Self::All10 => "all-10",
            Self::All100 => "all-100",
        }
    }

    pub(crate) fn build(self) -> (Target, Produced) {
        let router = app::router();
        match self {
            Self::Bare => (resolved(router), Produced::Nothing),
            Self::NoopLayer => (resolved(router.layer(layer_fn(Noop))), Produced::Nothing),
            Self::Lifecycle => {
                let mut lifecycle = Lifecycle::new(());
                let mut ids = lifecycle.request_ids().clone();
                ids.echo = false;
                lifecycle = lifecycle.with_request_ids(ids);
                let layer = ObserveLayer::<(), PlainFacts>::new(Arc::new(lifecycle));
                (resolved(router.layer(layer)), Produced::Nothing)
            }
            Self::Red => red(router, false),
            Self::RedId => red(router, true),
            Self::AccessLine => signals(router, None, false),
            Self::Traced => signals(router, Some(0.0), false),
            Self::All10 => signals(router, Some(0.1), true),
            Self::All100 => signals(router, Some(1.0), true),
        }
    }
}

impl FromStr for Row {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let row = Self::ALL.into_iter().find(|row| row.name() == name);
        row.ok_or_else(|| format!("no row is called {name:?}: see --list"))
    }
}

pub(crate) fn resolved(router: Router) -> Target {
    router.with_state(())
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
pub(crate) struct PlainFacts {
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
