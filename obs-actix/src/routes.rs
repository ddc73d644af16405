use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::{Arc, Once};

use actix_web::HttpRequest;
use actix_web::dev::{ResourceMap, ServiceRequest};
use actix_web::http::StatusCode;
use foldhash::fast::RandomState;
use obs_core::notice;

use crate::endpoints::Mounted;

/// What a worker knows of its application: the patterns of its routes, and where the endpoints are.
pub(crate) struct Routes {
    map: ResourceMap,
    /// Each pattern once, so that signals recognise it by its address.
    patterns: RefCell<HashSet<Arc<str>, RandomState>>,
    endpoints: Vec<String>,
}

impl Routes {
    pub(crate) fn of(request: &ServiceRequest) -> Self {
        let map = request.resource_map().clone();
        let mounted = request.app_data::<Mounted>();
        let mut endpoints = mounted.map(|mounted| mounted.0.clone()).unwrap_or_default();
        let taken = |path: &mut String| map.match_name(path) != Some(path);
        let taken: Vec<String> = endpoints.extract_if(.., taken).collect();
        if !taken.is_empty() {
            static SAID: Once = Once::new();
            // Once, not once per worker.
            SAID.call_once(|| {
                notice::warn(&format!(
                    "routes of the application shadow these endpoints, which are never reached: \
                     {}. Leave them out or move them, with `routes_with`",
                    taken.join(" "),
                ));
            });
        }
        Self { map, patterns: RefCell::default(), endpoints }
    }

    /// Whether this is the path of an endpoint, which is not observed.
    #[inline]
    pub(crate) fn is_endpoint(&self, path: &str) -> bool {
        self.endpoints.iter().any(|endpoint| endpoint == path)
    }

    /// The pattern that matched a request that was answered.
    #[inline]
    pub(crate) fn matched(&self, request: &HttpRequest, status: StatusCode) -> Option<Arc<str>> {
        let pattern = request.match_pattern()?;
        let path = request.match_info();
        let rest = path.unprocessed();
        if rest.is_empty() {
            return Some(self.shared(&pattern));
        }
        // Either a service that answers below a prefix, such as files, or nothing matched the whole
        // path. Then the pattern is the one that fits the path: right if a middleware answered before
        // there was routing, wrong if a guard refused the route.
        let prefix = &path.as_str()[..path.as_str().len() - rest.len()];
        if self.map.match_pattern(prefix).as_ref() == Some(&pattern) {
            return Some(self.shared(&format!("{pattern}/{{*}}")));
        }
        (status != StatusCode::NOT_FOUND).then(|| self.shared(&pattern))
    }

    /// The pattern that fits `path`, for a request of which nothing else is known: guards have no say.
    #[cold]
    pub(crate) fn fitting(&self, path: &str) -> Option<Arc<str>> {
        self.map.match_pattern(path).map(|pattern| self.shared(&pattern))
    }

    fn shared(&self, pattern: &str) -> Arc<str> {
        let mut patterns = self.patterns.borrow_mut();
        if let Some(known) = patterns.get(pattern) {
            return Arc::clone(known);
        }
        let new: Arc<str> = pattern.into();
        patterns.insert(Arc::clone(&new));
        new
    }
}
