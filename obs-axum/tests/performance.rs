//! Slow requests and queries per request, under the names of a preset.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::io;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use obs_axum::metrics::{MetricsSettings, Preset, db_query};
use obs_axum::{Clock, FakeClock, Obs, Observe as _, Setup};

use harness::{Scrape, Server, get as fetch};

async fn order(State((obs, hand)): State<(Obs, FakeClock)>, Path(queries): Path<u32>) -> String {
    for _ in 0..queries {
        let row: io::Result<()> = db_query!(handle: obs.metrics(), "select", Ok(()));
        row.unwrap();
    }
    hand.advance(Duration::from_millis(100) * queries);
    format!("{queries} queries")
}

/// AHSP-03, AHSP-62, AHSP-63.
#[tokio::test]
async fn slow_requests_and_queries_per_request() {
    let (clock, hand) = Clock::fake();
    let setup = Setup::new(Default::default()).with_clock(clock).with_settings(|settings| {
        settings.metrics = MetricsSettings::preset(Preset::Ahsp);
        settings.metrics.slow_request = Duration::from_millis(250);
    });
    let obs = setup.build();
    let app = Router::new()
        .route("/orders/{queries}", get(order))
        .route("/plain", get(|| async { "plain" }))
        .with_state((obs.clone(), hand));
    let server = Server::start(app.observe(&obs)).await;
    for path in ["/orders/3", "/orders/3", "/orders/1", "/plain", "/nothing"] {
        fetch(server.addr, path).await;
    }
    let scrape = Scrape::parse(fetch(server.addr, "/metrics").await.text());
    for (endpoint, status, requests, slow, queries) in [
        ("/orders/{queries}", "200", 3, 2, 7),
        ("/plain", "200", 1, 0, 0),
        ("unknown", "404", 1, 0, 0),
    ] {
        let of =
            |name, labels: &[_]| scrape.value(name, &[&[("endpoint", endpoint)], labels].concat());
        assert_eq!(of("http_requests_total", &[("status", status)]), requests, "{endpoint}");
        assert_eq!(of("slow_requests_total", &[]), slow, "{endpoint}");
        assert_eq!(of("db_queries_per_request_count", &[]), requests, "{endpoint}");
        assert_eq!(of("db_queries_per_request_sum", &[]), queries, "{endpoint}");
        let three = of("db_queries_per_request_bucket", &[("le", "5.0")])
            - of("db_queries_per_request_bucket", &[("le", "2.0")]);
        assert_eq!(three, slow, "{endpoint}: those that asked three times were slow");
    }
}
