use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use axum::extract::NestedPath;
use http::Request;
use obs_core::RequestContext;
use tower_service::Service;

/// Names what a service mounted with `nest_service` answers: the nested path with `/{*}`.
///
/// axum does not say which route led to such a service; without this its requests count as
/// `unknown`.
///
/// ```
/// use axum::{Router, routing::any};
/// use obs_axum::named;
///
/// # let files = any(|| async { "a file" });
/// let app: Router = Router::new().nest_service("/files", named(files)); // route: /files/{*}
/// ```
pub fn named<S>(service: S) -> Named<S> {
    Named { inner: service, pattern: Arc::default() }
}

/// The service that [`named`] makes.
#[derive(Clone, Debug)]
pub struct Named<S> {
    inner: S,
    /// One text for all requests, so that signals recognise it by its address.
    pattern: Arc<OnceLock<Arc<str>>>,
}

impl<S> Named<S> {
    fn pattern(&self, nested: &str) -> Arc<str> {
        let pattern = self.pattern.get_or_init(|| format!("{nested}/{{*}}").into());
        if pattern.strip_suffix("/{*}") == Some(nested) {
            Arc::clone(pattern)
        } else {
            // The same service is nested in a second place.
            format!("{nested}/{{*}}").into()
        }
    }
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for Named<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> S::Future {
        if let Some(nested) = request.extensions().get::<NestedPath>()
            && let Some(context) = RequestContext::current()
        {
            context.set_route(self.pattern(nested.as_str().trim_end_matches('/')));
        }
        self.inner.call(request)
    }
}
