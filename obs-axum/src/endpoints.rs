use axum::body::Body;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use obs_stack::{Endpoint, Obs};

/// GET, and HEAD by axum.
pub(crate) fn handler(obs: Obs, endpoint: Endpoint) -> MethodRouter {
    get(move |headers: HeaderMap| {
        let obs = obs.clone();
        async move {
            let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
            let answer = obs.answer(endpoint, accept.unwrap_or("")).await;
            let mut response = Response::new(Body::from(answer.body));
            *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
    })
}
