//! An installed service sends its numbers by OTLP and pushes them, and shows one runtime.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::time::Duration;

use actix_web::{App, HttpServer, web};
use obs_actix::export::{MetricsTarget, OtlpTarget, Protocol, PushTarget};
use obs_actix::metrics::Format;
use obs_actix::{Obs, Observe as _, Serve as _, Settings, Setup};
use obs_testing::receivers::{self, Point};
use obs_testing::{OK, Scripted, get};

const REQUESTS: u64 = 25;

fn install(collector: String, gateway: String) -> Obs {
    let setup = Setup::new(Settings::default()).with_settings(|settings| {
        let target = OtlpTarget::new(collector, Protocol::Http);
        settings.export.metrics = Some(MetricsTarget::new(target));
        settings.export.push = Some(PushTarget::new(gateway));
        settings.shutdown.delay = Duration::ZERO;
    });
    setup.with_service_name("shop").install().unwrap()
}

#[actix_web::test]
async fn the_numbers_of_all_workers_leave_at_the_end() {
    let collector = receivers::metrics().await.unwrap();
    let gateway = Scripted::new(&[OK]);
    let url = format!("http://127.0.0.1:{}", gateway.port);
    let obs = install(format!("http://{}/v1/metrics", collector.address), url);
    let shared = obs.clone();
    let server = HttpServer::new(move || {
        let app = App::new().route("/orders/{id}", web::get().to(async || "an order"));
        app.configure(shared.routes()).wrap(shared.middleware())
    });
    let server = server.workers(2).bind(("127.0.0.1", 0)).unwrap();
    let addr = server.addrs()[0];
    let requests = async {
        for id in 0..REQUESTS {
            assert_eq!(get(addr, &format!("/orders/{id}")).await.text(), "an order");
        }
        obs.shutdown().begin();
    };
    let (served, ()) = futures_util::join!(obs.serve(server), requests);
    served.unwrap();

    let received = collector.received();
    assert_eq!(received.refused, None);
    let one = |name: &str| -> Point {
        let mut points = received.recent.iter().filter(|point| point.name == name);
        let point = points.next().unwrap().clone();
        assert_eq!(points.next(), None, "one round, one series");
        point
    };
    let orders = one("http_requests_total");
    assert_eq!(orders.labels["route"], "/orders/{id}");
    assert_eq!(orders.value, REQUESTS as f64);
    assert_eq!(one("tokio_workers").value, 1.0, "that of the main thread");
    let [push] = &gateway.got()[..] else { panic!("one push") };
    assert!(push.head.starts_with("put /metrics/job/shop http/1.1\r\n"), "{}", push.head);
    let pushed = String::from_utf8(push.body.clone()).unwrap();
    let series =
        "http_requests_total{method=\"GET\",route=\"/orders/{id}\",status_code=\"200\"} 25\n";
    assert!(pushed.contains(series), "{pushed}");
    assert!(obs.metrics().render(Format::Text).contains(series));
}
