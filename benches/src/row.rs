use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use obs_axum::{Endpoints, Obs, Observe as _, Settings, Setup};
use obs_core::tower::{ObserveLayer, RequestFacts};
use obs_core::{Facts, Lifecycle, Route};
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
    /// What `observe` does by default: RED metrics, and the request id in the response.
    Observe,
}

impl Row {
    /// All rows, in the order of the table.
    pub const ALL: [Self; 5] =
        [Self::Bare, Self::NoopLayer, Self::Lifecycle, Self::Red, Self::Observe];

    /// The name on the command line and in `budgets.toml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::NoopLayer => "noop-layer",
            Self::Lifecycle => "lifecycle",
            Self::Red => "red",
            Self::Observe => "observe",
        }
    }

    pub(crate) fn build(self) -> (Target, Option<Obs>) {
        let router = app::router();
        match self {
            Self::Bare => (resolved(router), None),
            Self::NoopLayer => (resolved(router.layer(layer_fn(Noop))), None),
            Self::Lifecycle => {
                let mut lifecycle = Lifecycle::new(());
                let mut ids = lifecycle.request_ids().clone();
                ids.echo = false;
                lifecycle = lifecycle.with_request_ids(ids);
                let layer = ObserveLayer::<(), PlainFacts>::new(Arc::new(lifecycle));
                (resolved(router.layer(layer)), None)
            }
            Self::Red => observed(router, |settings| settings.request_ids.echo = false),
            Self::Observe => observed(router, |_| {}),
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

fn resolved(router: Router) -> Target {
    Target::Router(router.with_state(()))
}

fn observed(router: Router, change: impl FnOnce(&mut Settings)) -> (Target, Option<Obs>) {
    let obs = Setup::new(Settings::default()).with_settings(change).build();
    (Target::Observed(router.observe_with(&obs, Endpoints::new())), Some(obs))
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

/// The facts of the row without a signal: kept like obs-axum's, and never asked for.
struct PlainFacts {
    method: axum::http::Method,
    _matched: Option<MatchedPath>,
}

impl RequestFacts for PlainFacts {
    fn of<B>(request: &axum::http::Request<B>) -> Self {
        Self { method: request.method().clone(), _matched: request.extensions().get().cloned() }
    }
}

impl Facts for PlainFacts {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn path(&self) -> &str {
        ""
    }

    fn route(&self) -> Option<Route<'_>> {
        None
    }
}
