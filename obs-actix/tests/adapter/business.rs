//! One endpoint for all metrics, or two: the business at `/business-metrics`.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::collections::BTreeSet;

use actix_web::web::{self, ServiceConfig};
use obs_actix::metrics::business::{OrderType, PaymentMethod};
use obs_actix::metrics::{Metrics, MetricsSettings, Naming, define_metrics, order_created};
use obs_actix::{Obs, Reader, ServiceIdentity, Setup};

use crate::harness::{Server, eventually};

define_metrics! {
    /// What the shop counts.
    pub struct Shop namespace("shop") {
        /// Gifts wrapped.
        counter gifts;
    }
}

const PATHS: [&str; 2] = ["/metrics", "/business-metrics"];
const OPEN_METRICS: &str = "application/openmetrics-text;version=1.0.0";

/// A handle that shows every family of the catalog from the start. Without the variable there is one
/// endpoint.
fn with_everything(split: bool) -> Obs {
    let catalog = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default()).catalog();
    let names = catalog.into_iter().map(|family| family.name);
    let naming = names.fold(Naming::default(), Naming::on);
    let set = move |name: &str| {
        (split && name == "OBS_METRICS_SPLIT_BUSINESS").then(|| "true".to_owned())
    };
    let setup = Setup::read(Reader::from_lookup(set)).unwrap();
    setup.with_settings(|settings| settings.metrics.naming = naming).build()
}

/// A shop whose orders are counted by our families and by its own, after one order.
async fn shop(obs: Obs) -> Server {
    let (shop, metrics) = (Shop::new(obs.metrics()).unwrap(), obs.metrics().clone());
    let server = Server::with(obs, move |config: &mut ServiceConfig| {
        let order = move || {
            order_created!(handle: metrics, OrderType::B2b, PaymentMethod::Bkash, 1250.0);
            shop.gifts.inc();
            async { "ordered" }
        };
        config.route("/orders", web::post().to(order));
    });
    assert_eq!(server.call("POST", "/orders").await.body(), "ordered");
    let expected = vec![("POST".to_owned(), "/orders".to_owned(), 200, 1)];
    eventually(async || server.counted().await, expected).await;
    server
}

/// Names of families, and what stands before the value of every sample: the lines of a body that
/// comes in chunks.
async fn scrape(server: &Server, path: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let answer = server.call("GET", path).await;
    assert_eq!(answer.status(), 200, "{path}");
    let body = unchunked(answer.body());
    let heads = body.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let samples = body.lines().filter(|line| !line.starts_with('#'));
    (
        heads.map(|head| head.split(' ').next().unwrap().to_owned()).collect(),
        samples.map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect(),
    )
}

fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    loop {
        let (size, rest) = body.split_once("\r\n").unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return whole;
        }
        whole.push_str(&rest[..size]);
        body = &rest[size + 2..];
    }
}

#[actix_web::test]
async fn by_default_one_endpoint_has_every_family() {
    let server = shop(with_everything(false)).await;
    assert_eq!(server.call("GET", "/business-metrics").await.status(), 404);
    let (shown, _) = scrape(&server, "/metrics").await;
    for family in server.obs.metrics().catalog() {
        assert!(shown.contains(&family.name), "{} is not shown", family.name);
    }
    assert!(shown.contains("shop_gifts_total") && shown.contains("orders_total"));
}

#[actix_web::test]
async fn two_endpoints_have_every_family_once() {
    let [together, apart] = [shop(with_everything(false)).await, shop(with_everything(true)).await];
    let [(of_rest, rest), (of_business, business)] =
        [scrape(&apart, PATHS[0]).await, scrape(&apart, PATHS[1]).await];
    for family in apart.obs.metrics().catalog() {
        let at = [&of_rest, &of_business].map(|families| families.contains(&family.name));
        assert!(at[0] != at[1], "{}: {at:?}", family.name);
    }
    assert_eq!(rest.intersection(&business).next(), None);
    assert_eq!(&rest | &business, scrape(&together, "/metrics").await.1);
    assert!(business.contains("shop_gifts_total") && rest.contains("tokio_workers"));
}

#[actix_web::test]
async fn both_endpoints_answer_alike_and_unobserved() {
    let server = shop(with_everything(true)).await;
    for path in PATHS {
        for (accept, content_type, ends) in [
            ("*/*", "text/plain; version=0.0.4; charset=utf-8", 0),
            (OPEN_METRICS, "application/openmetrics-text; version=1.0.0; charset=utf-8", 1),
        ] {
            let accept = format!("accept: {accept}\r\n");
            let whole = server.send("GET", path, &accept).await;
            let head = server.send("HEAD", path, &accept).await;
            for answer in [&whole, &head] {
                assert_eq!(answer.status(), 200, "{path}");
                assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
                assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
                assert_eq!(answer.header("vary"), Some("accept, accept-encoding"), "{path}");
                assert_eq!(answer.header("x-request-id"), None, "{path}");
            }
            assert_eq!(head.body(), "", "{path}");
            let whole = unchunked(whole.body());
            assert_eq!(whole.matches("# EOF").count(), ends, "{path}");
            assert!(ends == 0 || whole.ends_with("# EOF\n"), "{path}");
        }
        let gzip = server.send("HEAD", path, "accept-encoding: gzip\r\n").await;
        assert_eq!(gzip.header("content-encoding"), Some("gzip"), "{path}");
        let posted = server.call("POST", path).await;
        assert_eq!((posted.status(), posted.header("allow")), (405, Some("GET, HEAD")), "{path}");
    }
    assert_eq!(server.counted().await.len(), 1, "only the order");
}
