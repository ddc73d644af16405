//! How an error gets from where it happened to the signals.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpResponse, error};
use obs_actix::{Context, Failure, RequestContext, attach};

use crate::harness::Server;

/// The contexts of the requests that came.
type Seen = Arc<Mutex<Vec<RequestContext>>>;

async fn failure(seen: Data<Seen>, Context(context): Context) -> obs_actix::Result<String> {
    seen.lock().unwrap().push(context);
    Err(io::Error::other("disk full"))?;
    Ok(String::new())
}

async fn anyhow(seen: Data<Seen>, Context(context): Context) -> obs_actix::Result<String> {
    seen.lock().unwrap().push(context);
    Err(anyhow::Error::new(io::Error::other("disk full")).context("cannot place the order"))?
}

async fn eyre(seen: Data<Seen>, Context(context): Context) -> obs_actix::Result<String> {
    seen.lock().unwrap().push(context);
    Err(eyre::Report::new(io::Error::other("disk full")).wrap_err("cannot place the order"))?
}

async fn boxed(seen: Data<Seen>, Context(context): Context) -> obs_actix::Result<String> {
    seen.lock().unwrap().push(context);
    let error: Box<dyn Error + Send + Sync> = Box::new(io::Error::other("disk full"));
    Err(error)?
}

async fn teapot(seen: Data<Seen>, Context(context): Context) -> Result<String, Failure> {
    seen.lock().unwrap().push(context);
    Err(Failure::text(StatusCode::IM_A_TEAPOT, "short and stout"))
}

async fn attached(seen: Data<Seen>, Context(context): Context) -> HttpResponse {
    seen.lock().unwrap().push(context);
    attach(&io::Error::other("disk full"), HttpResponse::BadGateway().body("try later"))
}

async fn foreign(seen: Data<Seen>, Context(context): Context) -> Result<String, error::Error> {
    seen.lock().unwrap().push(context);
    Err(error::ErrorServiceUnavailable("the queue is full"))
}

async fn client(seen: Data<Seen>, Context(context): Context) -> Result<String, error::Error> {
    seen.lock().unwrap().push(context);
    Err(error::ErrorBadRequest("what is this?"))
}

#[actix_web::test]
async fn errors_reach_the_request_and_not_the_client() {
    let seen = Seen::default();
    let data = Data::new(Arc::clone(&seen));
    let server = Server::start(move |config: &mut ServiceConfig| {
        config
            .app_data(data)
            .route("/failure", web::get().to(failure))
            .route("/anyhow", web::get().to(anyhow))
            .route("/eyre", web::get().to(eyre))
            .route("/boxed", web::get().to(boxed))
            .route("/teapot", web::get().to(teapot))
            .route("/attached", web::get().to(attached))
            .route("/foreign", web::get().to(foreign))
            .route("/client", web::get().to(client));
    });
    for (path, status, error) in [
        ("/failure", 500, Some("disk full")),
        ("/anyhow", 500, Some("cannot place the order <- disk full")),
        ("/eyre", 500, Some("cannot place the order <- disk full")),
        ("/boxed", 500, Some("disk full")),
        ("/teapot", 418, Some("short and stout")),
        ("/attached", 502, Some("disk full")),
        ("/foreign", 503, Some("the queue is full")),
        ("/client", 400, None),
    ] {
        let answer = server.call("GET", path).await;
        assert_eq!(answer.status(), status, "{path}");
        let context = seen.lock().unwrap().pop().unwrap();
        let record = context.error();
        assert_eq!(record.map(|record| record.chain.join(" <- ")).as_deref(), error, "{path}");
        if path == "/failure" {
            let id = answer.header("x-request-id").unwrap();
            let body = format!(r#"{{"error":"Internal Server Error","request_id":"{id}"}}"#);
            assert_eq!(answer.body(), body);
            assert_eq!(answer.header("content-type"), Some("application/json"));
        }
    }
}
