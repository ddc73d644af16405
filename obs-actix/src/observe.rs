use std::sync::Arc;

use actix_web::web::ServiceConfig;
use obs_stack::{Endpoints, Obs};

use crate::Middleware;
use crate::endpoints::{Mounted, resource};

/// The two halves of the one line, for an `App`.
///
/// ```
/// use actix_web::App;
/// use obs_actix::{Obs, Observe};
///
/// # fn f(obs: Obs) {
/// let app = App::new().wrap(obs.middleware()).configure(obs.routes());
/// # }
/// ```
pub trait Observe {
    /// Observes every request of the `App` that it wraps, but those to [`routes`](Self::routes).
    ///
    /// Wrap it last: what is wrapped later is further out, and not observed.
    fn middleware(&self) -> Middleware;

    /// Adds `/metrics` with `/metrics/summary` and `/metrics/cardinality`, `/live`, `/startup`, `/ready`
    /// and `/health`, those whose feature is on, and `/business-metrics` if the settings say so; with an
    /// [admin address](obs_stack::AdminSettings) only the three probes. To an `App`, not to a scope, where
    /// they would be observed.
    ///
    /// A route of the application that is added before and matches the same path wins; the first
    /// request then says so in the log.
    fn routes(&self) -> impl FnOnce(&mut ServiceConfig) + Clone {
        self.routes_with(Endpoints::new())
    }

    /// Like [`routes`](Self::routes), with other endpoints or other paths.
    fn routes_with(&self, endpoints: Endpoints) -> impl FnOnce(&mut ServiceConfig) + Clone;
}

impl Observe for Obs {
    fn middleware(&self) -> Middleware {
        Middleware::new(Arc::clone(self.lifecycle()))
    }

    fn routes_with(&self, endpoints: Endpoints) -> impl FnOnce(&mut ServiceConfig) + Clone {
        let paths = endpoints.paths(self.settings());
        move |config| {
            for (endpoint, path) in &paths {
                config.service(resource(self.clone(), *endpoint, path));
            }
            self.announce(&paths);
            config.app_data(Mounted(paths.into_iter().map(|(_, path)| path).collect()));
        }
    }
}
