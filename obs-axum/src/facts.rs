use std::any::Any;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, MatchedPath};
use http::{Extensions, Request};
use obs_core::tower::{HttpFacts, RequestFacts};
use obs_core::{Facts, Keep, Route, UNKNOWN_ROUTE, mutant};

/// What is kept of an axum request until its exchange ends: reference counts, no text.
#[derive(Debug)]
pub(crate) struct AxumFacts {
    http: HttpFacts,
    matched: Option<Matched>,
}

/// axum keeps the pattern in an `Arc<str>`, so a clone has the same text at the same address.
#[derive(Debug)]
struct Matched(MatchedPath);

impl Keep for Matched {
    fn keep(&self) -> Box<dyn Any> {
        Box::new(self.0.clone())
    }
}

impl RequestFacts for AxumFacts {
    const CALLED_IN_POLL: bool = true;

    fn peer(extensions: &Extensions) -> Option<IpAddr> {
        extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip())
    }

    #[inline]
    fn of<B>(request: &Request<B>) -> Self {
        Self {
            http: HttpFacts::of(request),
            matched: request.extensions().get::<MatchedPath>().cloned().map(Matched),
        }
    }
}

impl Facts for AxumFacts {
    #[inline]
    fn method(&self) -> &str {
        self.http.method()
    }

    fn path(&self) -> &str {
        self.http.path()
    }

    #[inline]
    fn route(&self) -> Option<Route<'_>> {
        if mutant::is("raw-path-as-route") {
            return Some(Route { pattern: self.http.path(), owner: &UNKNOWN_ROUTE });
        }
        let matched = self.matched.as_ref()?;
        Some(Route { pattern: matched.0.as_str(), owner: matched })
    }

    fn protocol_version(&self) -> Option<&'static str> {
        self.http.protocol_version()
    }
}
