//! What the macros count, scraped over HTTP.

use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use obs_metrics::business::{FunnelStage, OrderType, PaymentMethod};
use obs_metrics::{
    Format, Representation, funnel_stage, login_attempt, order_created, queue_depth,
};
use tokio::net::TcpStream;

use crate::harness::Exposition;
use crate::harness::target::Target;
use crate::metrics;

pub(crate) async fn scrape(target: &Target, format: Format) -> Exposition {
    let stream = TcpStream::connect(target.address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get("/metrics")
        .header("host", "localhost")
        .header(
            "accept",
            Representation::from(format).content_type().split("; charset").next().unwrap(),
        )
        .body(Empty::<Bytes>::new())
        .unwrap();
    let answer = sender.send_request(request).await.unwrap();
    assert_eq!(answer.headers()["content-type"], Representation::from(format).content_type());
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    Exposition::parse(std::str::from_utf8(&body).unwrap(), format)
}

#[tokio::test]
async fn a_scrape_shows_what_happened_in_both_formats() {
    let metrics = metrics();
    let target = Target::serve(metrics.clone()).await;
    order_created!(handle: metrics, OrderType::B2b, PaymentMethod::Nagad, 1250);
    funnel_stage!(handle: metrics, FunnelStage::OrderComplete);
    login_attempt!(handle: metrics, "success");
    queue_depth!(handle: metrics, "emails", 3);
    for format in [Format::Text, Format::OpenMetrics] {
        let seen = scrape(&target, format).await;
        let order = [("order_type", "b2b"), ("payment_method", "nagad"), ("status", "created")];
        assert_eq!(seen.value("orders_total", &order), 1.0);
        assert_eq!(seen.value("order_value_sum", &[("order_type", "b2b")]), 1250.0);
        let stages: Vec<f64> = seen.of("conversion_funnel_total").map(|(_, n)| n).collect();
        assert_eq!((stages.len(), stages.iter().sum()), (6, 1.0));
        assert_eq!(seen.value("auth_login_attempts_total", &[("status", "blocked")]), 0.0);
        assert_eq!(seen.value("queue_depth", &[("queue", "emails")]), 3.0);
    }
}
