use std::any::Any;

use axum::extract::MatchedPath;
use http::uri::PathAndQuery;
use http::{Method, Request};
use obs_core::tower::RequestFacts;
use obs_core::{Facts, Keep, Route};

/// What is kept of an axum request until its exchange ends: reference counts, no text.
#[derive(Debug)]
pub(crate) struct AxumFacts {
    method: Method,
    path: Option<PathAndQuery>,
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
    #[inline]
    fn of<B>(request: &Request<B>) -> Self {
        Self {
            method: request.method().clone(),
            path: request.uri().path_and_query().cloned(),
            matched: request.extensions().get::<MatchedPath>().cloned().map(Matched),
        }
    }
}

impl Facts for AxumFacts {
    #[inline]
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn path(&self) -> &str {
        self.path.as_ref().map_or("", PathAndQuery::path)
    }

    #[inline]
    fn route(&self) -> Option<Route<'_>> {
        let matched = self.matched.as_ref()?;
        Some(Route { pattern: matched.0.as_str(), owner: matched })
    }
}
