use actix_web::dev::{HttpServiceFactory, Service as _};
use actix_web::http::StatusCode;
use actix_web::web;
use actix_web::{HttpRequest, HttpResponse};
use obs_core::RequestContext;
use obs_stack::{Body, Endpoint, Obs};

use crate::headers::ActixHeaders;

/// Where the endpoints are, for the middleware of the same application, which leaves them out.
pub(crate) struct Mounted(pub(crate) Vec<String>);

/// GET and HEAD. The resource bears its path as its name: that is how the middleware knows that no
/// route of the application stands before it.
///
/// A request that gets here by another path than this, because a middleware further in normalizes it, is
/// left out as well.
pub(crate) fn resource(
    obs: Obs,
    endpoint: Endpoint,
    path: &str,
) -> impl HttpServiceFactory + use<> {
    let handler = move |request: HttpRequest| {
        let obs = obs.clone();
        async move {
            let answer = obs.answer(endpoint, &ActixHeaders::of_request(request.head())).await;
            let status = StatusCode::from_u16(answer.status).unwrap_or_default();
            let mut response = HttpResponse::build(status);
            for header in answer.headers {
                response.insert_header(header);
            }
            match answer.body {
                Body::Whole(bytes) => response.body(bytes),
                Body::Chunks(chunks) => response.streaming(chunks),
            }
        }
    };
    let resource = web::resource(path).name(path);
    let resource = resource.route(web::get().to(handler.clone())).route(web::head().to(handler));
    resource.wrap_fn(|request, service| {
        if let Some(context) = RequestContext::current() {
            context.exclude();
        }
        service.call(request)
    })
}
