//! What is counted of requests, beside their number.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

use std::io;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::Service as _;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpResponse};
use obs_actix::metrics::{MetricsSettings, Preset, db_query};
use obs_actix::{Clock, Observe as _};

use crate::harness::{Server, setup};

async fn panics() -> &'static str {
    panic!("on purpose")
}

async fn fails() -> obs_actix::Result<&'static str> {
    Err(io::Error::other("disk full"))?
}

#[actix_web::test]
async fn exceptions_by_route_and_kind() {
    let server = Server::start(|config: &mut ServiceConfig| {
        config
            .route("/panics/{id}", web::get().to(panics))
            .route("/fails", web::get().to(fails))
            .route("/says-500", web::get().to(HttpResponse::InternalServerError));
    });
    for path in ["/panics/1", "/fails", "/fails", "/says-500"] {
        assert_eq!(server.call("GET", path).await.status(), 500, "{path}");
    }
    for (route, errors, panics) in [("/panics/{id}", 0, 1), ("/fails", 2, 0), ("/says-500", 0, 0)] {
        for (kind, count) in [("error", errors), ("panic", panics)] {
            let series = format!("exceptions_total{{route=\"{route}\",kind=\"{kind}\"}} {count}");
            assert_eq!(server.samples(&series).await.len(), 1, "{series}");
        }
    }
}

#[actix_web::test]
async fn a_hundred_unknown_paths_are_one_series_and_all_orders_another() {
    let server = Server::start(|config: &mut ServiceConfig| {
        config.route("/orders/{id}", web::get().to(async || "an order"));
    });
    for number in 0..100 {
        assert_eq!(server.call("GET", &format!("/scan/{number}")).await.status(), 404);
    }
    for number in 0..2 {
        server.call("GET", &format!("/orders/{number}")).await;
    }
    let series = |route: &str, status, count| ("GET".to_owned(), route.to_owned(), status, count);
    let expected = [series("/orders/{id}", 200, 2), series("unknown", 404, 100)];
    assert_eq!(server.counted().await, expected);
}

#[actix_web::test]
async fn the_time_of_inner_middleware_is_included() {
    let (clock, hand) = Clock::fake();
    let obs = setup().with_clock(clock).build();
    let handle = obs.clone();
    let server = HttpServer::new(move || {
        let hand = hand.clone();
        App::new()
            .wrap_fn(move |request, inner| {
                hand.advance(Duration::from_millis(1500));
                inner.call(request)
            })
            .wrap(handle.middleware())
            .route("/", web::get().to(async || "slow"))
    });
    let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let server = Server::of(obs, server.addrs()[0], server.run());
    assert_eq!(server.call("GET", "/").await.status(), 200);
    let sum =
        "http_request_duration_seconds_sum{method=\"GET\",route=\"/\",status_code=\"200\"} 1.5";
    assert_eq!(server.samples(sum).await, [sum]);
}

/// AHSP-03, AHSP-62, AHSP-63.
#[actix_web::test]
async fn slow_requests_and_queries_per_request() {
    let (clock, hand) = Clock::fake();
    let setup = setup().with_clock(clock).with_settings(|settings| {
        settings.metrics = MetricsSettings::preset(Preset::Ahsp);
        settings.metrics.slow_request = Duration::from_millis(250);
    });
    let obs = setup.build();
    let handle = obs.clone();
    let server = Server::with(obs, move |config: &mut ServiceConfig| {
        let order = move |queries: web::Path<u32>| {
            for _ in 0..*queries {
                let row: io::Result<()> = db_query!(handle: handle.metrics(), "select", Ok(()));
                row.unwrap();
            }
            hand.advance(Duration::from_millis(100) * *queries);
            async { "an order" }
        };
        config
            .route("/orders/{queries}", web::get().to(order))
            .route("/plain", web::get().to(async || "plain"));
    });
    for path in ["/orders/3", "/orders/3", "/orders/1", "/plain"] {
        assert_eq!(server.call("GET", path).await.status(), 200, "{path}");
    }
    for (endpoint, slow, requests, queries) in [("/orders/{queries}", 2, 3, 7), ("/plain", 0, 1, 0)]
    {
        for (name, value) in [
            ("slow_requests_total", slow),
            ("db_queries_per_request_count", requests),
            ("db_queries_per_request_sum", queries),
        ] {
            let sample = format!("{name}{{endpoint=\"{endpoint}\"}} {value}");
            assert_eq!(server.samples(&sample).await, [sample]);
        }
    }
}
