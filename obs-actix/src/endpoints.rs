use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web;
use actix_web::{HttpRequest, HttpResponse, Resource};
use obs_stack::{Endpoint, Obs};

/// Where the endpoints are, for the middleware of the same application, which leaves them out.
pub(crate) struct Mounted(pub(crate) Vec<String>);

/// GET and HEAD. The resource bears its path as its name: that is how the middleware knows that no
/// route of the application stands before it.
pub(crate) fn resource(obs: Obs, endpoint: Endpoint, path: &str) -> Resource {
    let handler = move |request: HttpRequest| {
        let obs = obs.clone();
        async move {
            let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
            let answer = obs.answer(endpoint, accept.unwrap_or("")).await;
            HttpResponse::build(StatusCode::from_u16(answer.status).unwrap_or_default())
                .insert_header((CONTENT_TYPE, answer.content_type))
                .insert_header((CACHE_CONTROL, "no-store"))
                .body(answer.body)
        }
    };
    let resource = web::resource(path).name(path);
    resource.route(web::get().to(handler.clone())).route(web::head().to(handler))
}
