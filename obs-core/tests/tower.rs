//! The tower layer on services that are no router: panics in `call`, gRPC, one handle in another.
#![cfg(feature = "tower")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt as _, Empty, Full, StreamBody};
use obs_core::tower::{GrpcFacts, HttpFacts, ObserveLayer, RequestFacts};
use obs_core::{
    Finished, Lifecycle, Observer, Outcome, Panics, RequestContext, RequestIds, RequestInfo,
};
use tower::ServiceExt as _;
use tower_layer::Layer as _;

type Ended = (u16, Option<u16>, Outcome, String, bool);

/// Keeps what it sees.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Ended>>>);

impl Observer for Seen {
    type State = ();

    fn begin(&self, _: &RequestInfo<'_>, _: &RequestContext) {}

    fn finish(&self, (): (), end: &Finished<'_>) {
        let route = end.route_name().to_owned();
        let ended = (end.status, end.grpc_status, end.outcome, route, end.failed());
        self.0.lock().unwrap().push(ended);
    }
}

fn layer<F: RequestFacts>(seen: &Seen) -> ObserveLayer<Seen, F> {
    ObserveLayer::new(Arc::new(Lifecycle::new(seen.clone())))
}

fn request(path: &str) -> Request<()> {
    Request::post(format!("http://shop{path}")).body(()).unwrap()
}

fn panics(_: Request<()>) -> Ready<Result<Response<Empty<&'static [u8]>>, Infallible>> {
    panic!("on purpose")
}

#[tokio::test]
async fn a_panic_before_the_future_is_answered_too() {
    let seen = Seen::default();
    let service = layer::<HttpFacts>(&seen).layer(tower::service_fn(panics));
    let response = service.oneshot(request("/")).await.unwrap();
    assert_eq!(response.status(), 500);
    assert!(response.headers().contains_key("x-request-id"));
    let panicked = (500, None, Outcome::Panic, "unknown".to_owned(), true);
    assert_eq!(*seen.0.lock().unwrap(), std::slice::from_ref(&panicked));

    let lifecycle = Lifecycle::new(seen.clone()).with_panics(Panics::Resume);
    let service =
        ObserveLayer::<Seen, HttpFacts>::new(Arc::new(lifecycle)).layer(tower::service_fn(panics));
    let goes_on = tokio::spawn(service.oneshot(request("/"))).await.unwrap_err();
    assert!(goes_on.is_panic());
    assert_eq!(*seen.0.lock().unwrap(), [panicked.clone(), panicked]);
}

/// The answer of a gRPC server: a message and a status in the trailers.
fn call(status: &'static str) -> impl http_body::Body<Data = &'static [u8], Error = Infallible> {
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static(status));
    let frames = [http_body::Frame::data(&b"message"[..]), http_body::Frame::trailers(trailers)];
    StreamBody::new(futures_util::stream::iter(frames.map(Ok)))
}

#[tokio::test]
async fn the_status_of_grpc_is_that_of_the_trailers() {
    for (status, grpc, http, failed, route) in [
        ("0", 0, 200, false, "/shop.Orders/Place"),
        ("5", 5, 404, false, "/shop.Orders/Place"),
        ("13", 13, 500, true, "/shop.Orders/Place"),
        // Its path is whatever the client made up.
        ("12", 12, 501, true, "unknown"),
    ] {
        let seen = Seen::default();
        let answer = move |_: Request<()>| ready(Ok::<_, Infallible>(Response::new(call(status))));
        let service = layer::<GrpcFacts>(&seen).layer(tower::service_fn(answer));
        let response = service.oneshot(request("/shop.Orders/Place")).await.unwrap();
        assert!(seen.0.lock().unwrap().is_empty(), "not over before the trailers");
        assert_eq!(response.status(), 200);
        response.into_body().collect().await.unwrap();
        let ended = (http, Some(grpc), Outcome::Complete, route.to_owned(), failed);
        assert_eq!(*seen.0.lock().unwrap(), [ended]);
    }
}

#[tokio::test]
async fn a_grpc_status_may_stand_in_the_headers_of_an_empty_answer() {
    let seen = Seen::default();
    let answer = |_: Request<()>| {
        let response = Response::builder().header("grpc-status", "14");
        ready(Ok::<_, Infallible>(response.body(Empty::<&[u8]>::new()).unwrap()))
    };
    let service = layer::<GrpcFacts>(&seen).layer(tower::service_fn(answer));
    service.oneshot(request("/shop.Orders/Place")).await.unwrap();
    let ended = (503, Some(14), Outcome::Complete, "/shop.Orders/Place".to_owned(), true);
    assert_eq!(*seen.0.lock().unwrap(), [ended]);
}

#[tokio::test]
async fn a_handle_inside_of_another_has_its_request_id() {
    let answer = |_: Request<()>| {
        let id = RequestContext::current().unwrap().request_id().to_string();
        ready(Ok::<_, Infallible>(Response::new(Full::new(bytes::Bytes::from(id)))))
    };
    let inner = layer::<HttpFacts>(&Seen::default()).layer(tower::service_fn(answer));
    let mut ids = RequestIds::default();
    ids.accept = false;
    let outer = Lifecycle::new(Seen::default()).with_request_ids(ids);
    let service = ObserveLayer::<Seen, HttpFacts>::new(Arc::new(outer)).layer(inner);
    let mut request = request("/");
    request.headers_mut().insert("x-request-id", HeaderValue::from_static("the-clients"));
    let response = service.oneshot(request).await.unwrap();
    let told = response.headers()["x-request-id"].clone();
    let seen = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(told.as_bytes(), seen, "what the handler sees is what the client is told");
    assert_ne!(seen, "the-clients");
}

/// A stream may panic once it has ended, as `unfold` does.
#[tokio::test]
async fn a_body_that_is_polled_after_its_end_is_over_again() {
    async fn answers(_: Request<()>) -> Result<Response<StreamOf>, Infallible> {
        let frame = |left: bool| async move {
            left.then(|| (Ok(Frame::data(bytes::Bytes::from_static(b"piece"))), false))
        };
        let frames = futures_util::stream::unfold(true, frame);
        Ok(Response::new(StreamBody::new(Box::pin(frames) as _)))
    }
    type Frames =
        Pin<Box<dyn futures_util::Stream<Item = Result<Frame<bytes::Bytes>, Infallible>>>>;
    type StreamOf = StreamBody<Frames>;

    let seen = Seen::default();
    let service = layer::<HttpFacts>(&seen).layer(tower::service_fn(answers));
    let mut body = service.oneshot(request("/")).await.unwrap().into_body();
    for frames in [1, 0, 0, 0] {
        assert_eq!(body.frame().await.map_or(0, |frame| usize::from(frame.is_ok())), frames);
    }
    assert!(http_body::Body::is_end_stream(&body));
    drop(body);
    assert_eq!(
        *seen.0.lock().unwrap(),
        [(200, None, Outcome::Complete, "unknown".to_owned(), false)]
    );
}
