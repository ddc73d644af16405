use axum::response::Response;
use axum::routing::{MethodRouter, get};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use obs_stack::{Body, Endpoint, Obs};

/// GET, and HEAD by axum.
pub(crate) fn handler(obs: Obs, endpoint: Endpoint) -> MethodRouter {
    get(move |headers: HeaderMap| {
        let obs = obs.clone();
        async move {
            let answer = obs.answer(endpoint, &headers).await;
            let mut response = Response::new(match answer.body {
                Body::Whole(bytes) => axum::body::Body::from(bytes),
                Body::Chunks(chunks) => axum::body::Body::from_stream(chunks),
            });
            *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
            let headers = answer.headers.into_iter();
            response.headers_mut().extend(headers.map(|(name, value)| {
                (HeaderName::from_static(name), HeaderValue::from_static(value))
            }));
            response
        }
    })
}
