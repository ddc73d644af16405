use std::sync::Arc;

use actix_web::dev::ServiceRequest;
use actix_web::http::uri::PathAndQuery;
use actix_web::http::{Method, Version};
use obs_core::{Facts, Route, UNKNOWN_ROUTE, mutant};

use crate::http_types::protocol_version;

/// What is kept of an actix request until its exchange ends: reference counts, no text.
#[derive(Debug)]
pub(crate) struct ActixFacts {
    method: Method,
    path: Option<PathAndQuery>,
    version: Version,
    /// actix routes inside of the middleware: known once there is a response.
    pub(crate) route: Option<Arc<str>>,
}

impl ActixFacts {
    #[inline]
    pub(crate) fn of(request: &ServiceRequest) -> Self {
        let head = request.head();
        Self {
            method: head.method.clone(),
            path: head.uri.path_and_query().cloned(),
            version: head.version,
            route: None,
        }
    }
}

impl Facts for ActixFacts {
    #[inline]
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn path(&self) -> &str {
        self.path.as_ref().map_or("/", PathAndQuery::path)
    }

    #[inline]
    fn route(&self) -> Option<Route<'_>> {
        if mutant::is("raw-path-as-route") {
            return Some(Route { pattern: self.path(), owner: &UNKNOWN_ROUTE });
        }
        let route = self.route.as_ref()?;
        Some(Route { pattern: route, owner: route })
    }

    fn protocol_version(&self) -> Option<&'static str> {
        protocol_version(self.version)
    }
}
