use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum::Router;
use obs_core::tower::ObserveLayer;
use obs_stack::{Endpoint, Endpoints, Obs, Stack};

use crate::endpoints;
use crate::facts::AxumFacts;
use crate::observed::Observed;

/// Puts the one line on a [`Router`].
///
/// The result is a type of its own: a route, layer or fallback that is added later would not be
/// observed, so it does not compile.
///
/// ```compile_fail
/// # use axum::{Router, routing::get};
/// # use obs_axum::{Obs, Observe};
/// # fn f(obs: Obs) {
/// let app = Router::new().observe(&obs).route("/late", get(|| async {}));
/// # }
/// ```
pub trait Observe {
    /// Observes every route of this router and adds `/metrics` with `/metrics/summary` and
    /// `/metrics/cardinality`, `/live`, `/startup`, `/ready` and `/health`, those whose feature is on, and
    /// `/business-metrics` if the settings say so, outside of the observed part. With an
    /// [admin address](obs_stack::AdminSettings) only the three probes. Comes last, after `with_state`.
    ///
    /// # Panics
    /// At start, if the router has one of these paths itself: see
    /// [`observe_with`](Self::observe_with).
    fn observe(self, obs: &Obs) -> Observed;

    /// Like [`observe`](Self::observe), with other endpoints or other paths.
    ///
    /// # Panics
    /// At start, if the router has one of the paths itself.
    fn observe_with(self, obs: &Obs, endpoints: Endpoints) -> Observed;
}

impl Observe for Router {
    fn observe(self, obs: &Obs) -> Observed {
        self.observe_with(obs, Endpoints::new())
    }

    fn observe_with(self, obs: &Obs, endpoints: Endpoints) -> Observed {
        let layer = ObserveLayer::<Stack, AxumFacts>::new(Arc::clone(obs.lifecycle()));
        let paths = endpoints.paths(obs.settings());
        let mut router = self.layer(layer);
        for (endpoint, path) in &paths {
            router = add(router, obs, *endpoint, path);
        }
        obs.announce(&paths);
        Observed::new(router)
    }
}

/// axum panics for a path that is taken, without a word of the fix.
#[allow(clippy::panic, reason = "at start, and the router would panic anyway")]
fn add(router: Router, obs: &Obs, endpoint: Endpoint, path: &str) -> Router {
    let handler = endpoints::handler(obs.clone(), endpoint);
    match catch_unwind(AssertUnwindSafe(|| router.route(path, handler))) {
        Ok(router) => router,
        Err(_) => panic!(
            "the router already has the path {path}, where obs puts its {endpoint:?} endpoint. \
             Leave the endpoint out or move it: \
             `observe_with(&obs, Endpoints::new().without_{}())` or \
             `observe_with(&obs, Endpoints::new().prefix(\"/internal\"))`",
            format!("{endpoint:?}").to_lowercase(),
        ),
    }
}
