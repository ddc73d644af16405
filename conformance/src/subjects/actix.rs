//! obs-actix.

use std::io;
use std::net::TcpListener;
use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody, SizedStream};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::{ErrorBadRequest, InternalError};
use actix_web::http::StatusCode;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{
    self, Bytes, Json, Path, PathConfig, Payload, PayloadConfig, ServiceConfig, get, post,
};
use actix_web::{App, Error, HttpResponse, HttpServer, guard};
use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use obs_actix::{Failure, Observe as _, Serve as _};
use obs_stack::Obs;

use super::app::{self, DECLARED, LARGE, NoStock, OWN_ID, OrderError, TIMEOUT, TimedOut};

/// What `/upload` takes at most.
const UPLOAD: usize = 2 << 20;

/// As actix is without settings: a handler goes on when its client has left.
pub(super) fn serve(obs: Obs, listener: TcpListener) -> io::Result<()> {
    run(obs, listener, true)
}

/// Without half-closed connections: a handler is cancelled.
pub(super) fn serve_cancelling(obs: Obs, listener: TcpListener) -> io::Result<()> {
    run(obs, listener, false)
}

#[actix_web::main]
async fn run(obs: Obs, listener: TcpListener, half_closed: bool) -> io::Result<()> {
    let handle = obs.clone();
    let server = HttpServer::new(move || {
        let twice = web::resource("/twice").wrap(handle.middleware());
        let inner = web::scope("/inner").wrap(handle.middleware());
        App::new()
            .wrap(handle.middleware())
            .configure(handle.routes())
            .app_data(PayloadConfig::new(UPLOAD))
            .app_data(PathConfig::default().error_handler(|error, _| ErrorBadRequest(error)))
            .configure(routes)
            .service(twice.route(get().to(async || "once")))
            .service(inner.route("/{id}", get().to(async |id: Path<u32>| format!("inner {id}"))))
            .default_service(web::to(async || HttpResponse::NotFound().body("nothing here")))
    });
    let server = server.workers(2).h1_allow_half_closed(half_closed);
    obs.serve(server.listen_auto_h2c(listener)?).await
}

fn routes(app: &mut ServiceConfig) {
    app.route("/plain", get().to(async || "plain"))
        .route("/plain", web::head().to(async || "plain"))
        .route("/orders/{id}", get().to(async |id: Path<u32>| format!("order {id}")))
        .service(web::scope("/api").service(web::scope("/v1").configure(items)))
        .service(web::resource("/guarded").guard(guard::Get()).to(async || "read"))
        .service(web::resource("/guarded").guard(guard::Put()).to(async || "written"))
        .service(web::resource("/submit").route(post().to(async || "submitted")))
        .route("/numbers/{n}", get().to(async |n: Path<u32>| n.to_string()))
        .route("/json", post().to(async |number: Json<u32>| number.to_string()))
        .route("/status/{code}", get().to(status))
        .route("/fails", get().to(fails))
        .service(
            web::resource("/behind-middleware")
                .wrap(from_fn(refuse))
                .route(get().to(async || "never")),
        )
        .route("/panics", get().to(async || app::out_of::<&str>("paper")))
        .service(
            web::resource("/caught")
                .wrap(from_fn(catch))
                .route(get().to(async || app::out_of::<&str>("toner"))),
        )
        .route("/task-panics", get().to(app::task_panics))
        .route("/own-id", get().to(own_id))
        .route("/slow", get().to(app::slow))
        .service(web::resource("/times-out").wrap(from_fn(timeout)).route(get().to(app::slow)))
        .route("/stream/ends", get().to(async || stream("ends")))
        .service(web::resource("/stream/ends-early").to(ends_early))
        .route("/stream/fails", get().to(async || stream("fails")))
        .route("/stream/panics", get().to(async || stream("panics")))
        .route("/stream/stalls", get().to(async || stream("stalls")))
        .route("/events/end", get().to(async || events("end")))
        .route("/events/stall", get().to(async || events("stall")))
        .route("/large", get().to(async || vec![b'x'; LARGE]))
        .route("/upload", post().to(async |body: Bytes| body.len().to_string()))
        .route("/upgrade", get().to(upgrade))
        .route("/cart", get().to(app::cart))
        .route("/spawns", get().to(app::spawns))
        .route("/detaches", get().to(app::detaches))
        .route("/together/{n}", get().to(async |n: Path<String>| app::together(&n).await));
}

fn items(scope: &mut ServiceConfig) {
    scope.route("/items/{id}", get().to(async |id: Path<u32>| format!("item {id}")));
}

async fn status(code: Path<u16>) -> HttpResponse {
    HttpResponse::new(StatusCode::from_u16(*code).unwrap_or(StatusCode::IM_A_TEAPOT))
}

async fn fails() -> obs_actix::Result<&'static str> {
    Err(OrderError::from(NoStock).into())
}

async fn refuse(_: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    Err(Failure::new(StatusCode::SERVICE_UNAVAILABLE, &NoStock).into())
}

async fn timeout(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    match tokio::time::timeout(TIMEOUT, next.call(request)).await {
        Ok(response) => response,
        Err(_) => Err(Failure::new(StatusCode::GATEWAY_TIMEOUT, &TimedOut).into()),
    }
}

async fn catch(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let caught = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    caught.unwrap_or_else(|_| Err(InternalError::new("", StatusCode::INTERNAL_SERVER_ERROR).into()))
}

async fn own_id() -> HttpResponse {
    HttpResponse::Ok().insert_header(("x-request-id", OWN_ID)).finish()
}

async fn ends_early() -> HttpResponse {
    HttpResponse::Ok().body(SizedStream::new(DECLARED, app::chunks("ends-early")))
}

fn stream(how: &str) -> HttpResponse {
    HttpResponse::Ok().streaming(app::chunks(how))
}

fn events(how: &str) -> HttpResponse {
    HttpResponse::Ok().content_type("text/event-stream").streaming(app::events(how))
}

/// Leaves HTTP and gives back what it gets first.
async fn upgrade(sent: Payload) -> HttpResponse {
    let back = sent.take(1).map_err(Error::from);
    HttpResponse::SwitchingProtocols().upgrade("websocket").streaming(back)
}
