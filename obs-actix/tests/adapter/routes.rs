//! The label `route`: the pattern that matched, and nothing of the path ever.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use actix_web::body::BoxBody;
use actix_web::dev::{
    AppService, HttpServiceFactory, ResourceDef, ServiceRequest, ServiceResponse, fn_service,
};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, Error, HttpResponse, HttpServer, guard};
use obs_actix::{Observe as _, RequestContext};

use crate::harness::{Server, setup};

async fn ok() -> &'static str {
    "ok"
}

/// Answers whatever is below a path, as actix-files does.
struct Below(&'static str);

impl HttpServiceFactory for Below {
    fn register(self, config: &mut AppService) {
        let root = config.is_root();
        let below =
            if root { ResourceDef::root_prefix(self.0) } else { ResourceDef::prefix(self.0) };
        let service = async |request: ServiceRequest| {
            Ok::<_, Error>(request.into_response(HttpResponse::Ok().body("a file")))
        };
        config.register_service(below, None, fn_service(service), None);
    }
}

fn configure(config: &mut ServiceConfig) {
    let nested = web::scope("/y").route("/{id}", web::get().to(ok));
    let beta = guard::Header("x-kind", "b");
    let kinds = web::scope("/kinds")
        .service(web::resource("/{b}").guard(beta).to(ok))
        .service(web::resource("/{a}").to(ok));
    config
        .route("/orders/{id}", web::get().to(ok))
        .service(web::resource("/methods").route(web::get().to(ok)))
        .service(web::scope("/n/{tenant}").service(nested).route("", web::get().to(ok)))
        .service(web::scope("/own").default_service(web::to(ok)))
        .service(kinds)
        .service(Below("/files"))
        .service(web::scope("/in").service(Below("/files")))
        .route(
            "/named",
            web::get().to(|| async {
                RequestContext::current().unwrap().set_route("/by-hand");
                "ok"
            }),
        );
}

#[actix_web::test]
async fn each_request_counts_under_the_pattern_that_matched() {
    for (method, path, headers, status, route) in [
        ("GET", "/orders/42?x=1", "", 200, "/orders/{id}"),
        ("GET", "/n/a/y/7", "", 200, "/n/{tenant}/y/{id}"),
        ("GET", "/n/a", "", 200, "/n/{tenant}"),
        ("GET", "/n/a/missing", "", 404, "unknown"),
        ("GET", "/own/anything", "", 200, "unknown"),
        ("GET", "/kinds/1", "", 200, "/kinds/{a}"),
        ("GET", "/kinds/1", "x-kind: b\r\n", 200, "/kinds/{b}"),
        ("POST", "/methods", "", 405, "/methods"),
        ("POST", "/orders/42", "", 404, "unknown"),
        ("GET", "/missing", "", 404, "unknown"),
        ("GET", "/files", "", 200, "/files"),
        ("GET", "/files/a/b.css", "", 200, "/files/{*}"),
        ("GET", "/in/files/a/b.css", "", 200, "/in/files/{*}"),
        ("GET", "/in/other", "", 404, "unknown"),
        ("GET", "/named", "", 200, "/by-hand"),
    ] {
        let server = Server::start(configure);
        let answer = server.send(method, path, headers).await;
        assert_eq!(answer.status(), status, "{method} {path}");
        let counted = server.counted().await;
        assert_eq!(counted, [(method.into(), route.into(), status, 1)], "{method} {path}");
    }
}

async fn refuse(_: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse, Error> {
    Err(actix_web::error::ErrorUnauthorized("no"))
}

async fn preempt(request: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse, Error> {
    Ok(request.into_response(HttpResponse::NoContent().finish()))
}

#[actix_web::test]
async fn a_middleware_that_answers_before_routing_counts_under_the_pattern_that_fits() {
    for (refuses, status) in [(true, 401), (false, 204)] {
        let obs = setup().build();
        let shared = obs.clone();
        let server = HttpServer::new(move || {
            let app = App::new().route("/orders/{id}", web::get().to(ok));
            let answer = from_fn(move |request, next| async move {
                if refuses { refuse(request, next).await } else { preempt(request, next).await }
            });
            app.wrap(answer).wrap(shared.middleware())
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let (addr, server) = (server.addrs()[0], server.run());
        let server = Server::of(obs, addr, server);

        let answer = server.call("GET", "/orders/1").await;
        assert_eq!(answer.status(), status);
        assert!(answer.header("x-request-id").is_some(), "{answer:?}");
        assert_eq!(server.counted().await, [("GET".into(), "/orders/{id}".into(), status, 1)]);
    }
}
