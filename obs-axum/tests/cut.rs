//! A rendering that dies is no shorter exposition.
#![allow(clippy::panic, reason = "helpers of tests, outside of #[test]")]

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use obs_axum::{Obs, Observe as _, Setup};
use obs_core::source::{Collector, Family, Kind, Source, Value};
use tower::ServiceExt as _;

/// A family that fills a chunk, and then what no rendering survives.
struct Deadly;

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("even its panic panics");
    }
}

impl Source for Deadly {
    fn collect(&self, out: &mut dyn Collector) {
        out.family(&Family::new("stock", Kind::Gauge, "In stock."));
        for product in 0..2000 {
            out.sample(&[("product", &format!("{product:060}"))], Value::Integer(1));
        }
        out.family(&Family::new("rest", Kind::Gauge, "What is left."));
        std::panic::panic_any(Bomb);
    }
}

#[tokio::test]
async fn the_body_of_a_rendering_that_dies_is_an_error() {
    let obs: Obs = Setup::new(Default::default()).build();
    obs.add_source(Arc::new(Deadly));
    let app = Router::new().observe(&obs);
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let mut body = app.oneshot(request).await.unwrap().into_body();
    let first = body.frame().await.unwrap().unwrap();
    assert!(first.into_data().unwrap().starts_with(b"# HELP"));
    assert!(body.collect().await.is_err());
}
