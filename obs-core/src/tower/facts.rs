use std::net::IpAddr;
use std::sync::Arc;

use http::uri::PathAndQuery;
use http::{Extensions, Method, Request, Version};

use super::http_types::protocol_version;
use crate::{Facts, Route};

/// [`Facts`] that are taken from an `http` request.
pub trait RequestFacts: Facts {
    /// Whether the framework runs nothing of the application before the response is polled. Then
    /// nothing in the service's `call` can panic or look at its context, and catching panics, which
    /// costs 220 instructions for moving the request, is left out.
    const CALLED_IN_POLL: bool = false;

    /// The address of the request's peer, as the server has put it into the extensions. `None`, which
    /// is the default, if it has not.
    #[must_use]
    fn peer(_extensions: &Extensions) -> Option<IpAddr> {
        None
    }

    /// What is kept of the request until its exchange ends.
    fn of<B>(request: &Request<B>) -> Self;
}

/// What every `http` request says: reference counts, no text. It knows no routes.
#[derive(Clone, Debug)]
pub struct HttpFacts {
    method: Method,
    path: Option<PathAndQuery>,
    version: Version,
}

impl RequestFacts for HttpFacts {
    #[inline]
    fn of<B>(request: &Request<B>) -> Self {
        Self {
            method: request.method().clone(),
            path: request.uri().path_and_query().cloned(),
            version: request.version(),
        }
    }
}

impl Facts for HttpFacts {
    #[inline]
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn path(&self) -> &str {
        self.path.as_ref().map_or("/", PathAndQuery::path)
    }

    fn route(&self) -> Option<Route<'_>> {
        None
    }

    fn protocol_version(&self) -> Option<&'static str> {
        protocol_version(self.version)
    }
}

/// The facts of a gRPC request: its path names the method that is called, so it is the route. A call
/// that is not implemented (`UNIMPLEMENTED`) has none.
#[derive(Clone, Debug)]
pub struct GrpcFacts {
    http: HttpFacts,
    method: Arc<str>,
}

impl RequestFacts for GrpcFacts {
    fn of<B>(request: &Request<B>) -> Self {
        Self { http: HttpFacts::of(request), method: request.uri().path().into() }
    }
}

impl Facts for GrpcFacts {
    fn method(&self) -> &str {
        self.http.method()
    }

    fn path(&self) -> &str {
        self.http.path()
    }

    fn route(&self) -> Option<Route<'_>> {
        Some(Route { pattern: &self.method, owner: &self.method })
    }

    fn protocol_version(&self) -> Option<&'static str> {
        self.http.protocol_version()
    }
}
