//! One endpoint for all metrics, or two: the business at `/business-metrics`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod harness;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::Router;
use axum::routing::{get, post};
use obs_axum::metrics::business::{OrderType, PaymentMethod};
use obs_axum::metrics::{Metrics, MetricsSettings, Naming, define_metrics, order_created};
use obs_axum::{Endpoints, Obs, Observe as _, Reader, ServiceIdentity, Setup};

use harness::{Answer, Client, Protocol, Scrape, Server, eventually, get as fetch};

define_metrics! {
    /// What the shop counts.
    pub struct Shop namespace("shop") {
        /// Gifts wrapped.
        counter gifts;
    }
}

const PATHS: [&str; 2] = ["/metrics", "/business-metrics"];
const OPEN_METRICS: &str = "application/openmetrics-text;version=1.0.0";

/// Without the variable there is one endpoint.
fn setup(split: bool) -> Setup {
    let set = move |name: &str| {
        (split && name == "OBS_METRICS_SPLIT_BUSINESS").then(|| "true".to_owned())
    };
    Setup::read(Reader::from_lookup(set)).unwrap()
}

/// A handle that shows every family of the catalog from the start.
fn with_everything(split: bool) -> Obs {
    let catalog = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default()).catalog();
    let names = catalog.into_iter().map(|family| family.name);
    let naming = names.fold(Naming::default(), Naming::on);
    setup(split).with_settings(|settings| settings.metrics.naming = naming).build()
}

/// A shop whose orders are counted by our families and by its own.
fn app(obs: &Obs) -> Router {
    let shop = Shop::new(obs.metrics()).unwrap();
    let metrics = obs.metrics().clone();
    let order = move || async move {
        order_created!(handle: metrics, OrderType::B2b, PaymentMethod::Bkash, 1250.0);
        shop.gifts.inc();
        "ordered"
    };
    Router::new().route("/orders", post(order))
}

async fn order(server: &Server) {
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    assert_eq!(client.call("POST", "/orders", &[]).await.unwrap().text(), "ordered");
    let requests = async || Scrape::parse(fetch(server.addr, "/metrics").await.text()).requests();
    let expected = vec![("POST".to_owned(), "/orders".to_owned(), 200, 1)];
    eventually(requests, expected, "the order").await;
}

/// The names of the families.
fn families(answer: &Answer) -> BTreeSet<String> {
    let heads = answer.text().lines().filter_map(|line| line.strip_prefix("# TYPE "));
    heads.map(|head| head.split(' ').next().unwrap().to_owned()).collect()
}

/// What stands before the value of every sample.
fn series(answer: &Answer) -> BTreeSet<String> {
    let samples = answer.text().lines().filter(|line| !line.starts_with('#'));
    samples.map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect()
}

#[tokio::test]
async fn by_default_one_endpoint_has_every_family() {
    let obs = with_everything(false);
    let server = Server::start(app(&obs).observe(&obs)).await;
    order(&server).await;
    assert_eq!(fetch(server.addr, "/business-metrics").await.status, 404);
    let shown = families(&fetch(server.addr, "/metrics").await);
    for family in obs.metrics().catalog() {
        assert!(shown.contains(&family.name), "{} is not shown", family.name);
    }
    assert!(shown.contains("shop_gifts_total") && shown.contains("orders_total"));
}

#[tokio::test]
async fn the_path_is_the_applications_if_there_is_one_endpoint() {
    let obs = setup(false).build();
    let app = app(&obs).route("/business-metrics", get(|| async { "my own" }));
    let server = Server::start(app.observe(&obs)).await;
    let own = fetch(server.addr, "/business-metrics").await;
    assert_eq!((own.text(), own.header("x-request-id").is_some()), ("my own", true));
}

#[tokio::test]
async fn two_endpoints_have_every_family_once() {
    let [one, two] = [false, true].map(with_everything);
    let together = Server::start(app(&one).observe(&one)).await;
    let apart = Server::start(app(&two).observe(&two)).await;
    order(&together).await;
    order(&apart).await;

    let [rest, business] = [fetch(apart.addr, PATHS[0]).await, fetch(apart.addr, PATHS[1]).await];
    for family in two.metrics().catalog() {
        let at = [&rest, &business].map(|answer| families(answer).contains(&family.name));
        assert!(at[0] != at[1], "{}: {at:?}", family.name);
    }
    let all = series(&fetch(together.addr, "/metrics").await);
    let [rest, business] = [series(&rest), series(&business)];
    assert_eq!(rest.intersection(&business).next(), None);
    assert_eq!(&rest | &business, all);
    for (shown, name) in [
        (&business, "shop_gifts_total"),
        (&business, "order_value_sum{order_type=\"b2b\"}"),
        (&rest, "http_requests_in_flight"),
        (&rest, "process_start_time_seconds"),
        (&rest, "tokio_workers"),
        (&rest, "obs_series{family=\"orders_total\"}"),
    ] {
        assert!(shown.contains(name), "{name}");
    }
}

#[tokio::test]
async fn both_endpoints_answer_alike_and_unobserved() {
    let obs = setup(true).build();
    let server = Server::start(app(&obs).observe(&obs)).await;
    order(&server).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    for path in PATHS {
        for (accept, content_type, end) in [
            ("*/*", "text/plain; version=0.0.4; charset=utf-8", "\n"),
            (OPEN_METRICS, "application/openmetrics-text; version=1.0.0; charset=utf-8", "# EOF\n"),
        ] {
            let headers = [("accept", accept)];
            let whole = client.call("GET", path, &headers).await.unwrap();
            let head = client.call("HEAD", path, &headers).await.unwrap();
            for answer in [&whole, &head] {
                assert_eq!(answer.status, 200, "{path}");
                assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
                assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
                assert_eq!(answer.header("vary"), Some("accept, accept-encoding"), "{path}");
                assert_eq!(answer.header("x-request-id"), None, "{path}");
            }
            assert!(whole.text().ends_with(end) && head.body.is_empty(), "{path}");
            assert_eq!(whole.text().matches("# EOF").count(), usize::from(end != "\n"), "{path}");
        }
        let gzip = client.call("GET", path, &[("accept-encoding", "gzip")]).await.unwrap();
        assert_eq!(gzip.header("content-encoding"), Some("gzip"), "{path}");
        assert_eq!(&gzip.body[..2], [0x1f, 0x8b], "{path}");
        assert_eq!(client.call("POST", path, &[]).await.unwrap().status, 405, "{path}");
    }
    // Only the order was counted; every rendering was.
    let scrape = Scrape::parse(fetch(server.addr, "/metrics").await.text());
    assert_eq!(scrape.requests().len(), 1);
    assert_eq!(scrape.value("obs_scrapes_total", &[("format", "openmetrics")]), 4);
}

#[tokio::test]
async fn a_service_without_events_has_an_empty_business() {
    let obs = setup(true).build();
    let server = Server::start(Router::new().observe(&obs)).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    for (accept, body) in [("*/*", ""), (OPEN_METRICS, "# EOF\n")] {
        let empty = client.call("GET", "/business-metrics", &[("accept", accept)]).await.unwrap();
        assert_eq!((empty.status.as_u16(), empty.text()), (200, body));
    }
}

#[tokio::test]
async fn both_can_be_moved_and_left_out() {
    for (endpoints, found) in [
        (
            Endpoints::new().prefix("/internal"),
            ["/internal/metrics", "/internal/business-metrics"].as_slice(),
        ),
        (Endpoints::new().without_business(), &["/metrics"]),
        (Endpoints::new().without_metrics(), &[]),
    ] {
        let obs = setup(true).build();
        let server = Server::start(app(&obs).observe_with(&obs, endpoints)).await;
        for path in
            ["/metrics", "/business-metrics", "/internal/metrics", "/internal/business-metrics"]
        {
            let status = if found.contains(&path) { 200 } else { 404 };
            assert_eq!(fetch(server.addr, path).await.status, status, "{path} of {found:?}");
        }
    }
}

#[test]
fn a_path_that_is_taken_names_the_fix() {
    let obs = setup(true).build();
    let app = app(&obs).route("/business-metrics", get(|| async { "my own" }));
    let panic = catch_unwind(AssertUnwindSafe(|| app.observe(&obs))).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("the path /business-metrics"), "{message}");
    assert!(message.contains("without_business()"), "{message}");
}
