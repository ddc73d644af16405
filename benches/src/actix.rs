//! The same application for actix's rows.

use actix_http::Request;
use actix_service::{IntoServiceFactory, Service, ServiceFactory};
use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::test::{TestRequest, init_service};
use actix_web::web::{Path, ServiceConfig, get};
use actix_web::{App, Error};
use obs_actix::Middleware;
use tokio::runtime::Runtime;

use crate::Drive;
use crate::app::PATHS;

pub(crate) fn bare(runtime: &Runtime) -> Drive {
    driven(runtime, App::new().configure(routes))
}

pub(crate) fn observed(runtime: &Runtime, middleware: Middleware) -> Drive {
    driven(runtime, App::new().configure(routes).wrap(middleware))
}

fn routes(config: &mut ServiceConfig) {
    config.route("/items/{id}", get().to(item));
    for path in PATHS {
        config.route(path, get().to(|| async { "ok" }));
    }
}

async fn item(id: Path<u64>) -> String {
    format!("item {id}")
}

/// Sends so many requests, one after the other, each to the end of its body: as actix-http does.
fn driven<R, S, B>(runtime: &Runtime, app: R) -> Drive
where
    R: IntoServiceFactory<S, Request> + 'static,
    S: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse<B>,
            Error = Error,
            InitError: std::fmt::Debug,
        > + 'static,
    B: MessageBody + 'static,
{
    let service = runtime.block_on(init_service(app));
    Box::new(move |runtime, count| {
        runtime.block_on(async {
            for _ in 0..count {
                if let Ok(response) = service.call(request()).await {
                    let _ = to_bytes(response.into_body()).await;
                }
            }
        });
    })
}

/// Not inlined: it is the same code in every row, so that it costs nothing in the differences.
#[inline(never)]
fn request() -> Request {
    TestRequest::with_uri("/items/12345")
        .insert_header(("host", "shop.example"))
        .insert_header(("user-agent", "bench/1.0"))
        .insert_header(("accept", "*/*"))
        .insert_header(("accept-encoding", "gzip"))
        .to_request()
}
