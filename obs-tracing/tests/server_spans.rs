//! The span of a request, whatever becomes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod harness;

use std::time::Duration;

use http::{Request, StatusCode};
use obs_core::export::{SpanKind, SpanRecord};
use obs_core::{ErrorRecord, Exchange, Head, Outcome, RequestContext};
use obs_tracing::{Sampler, ServerSpans, TracingSettings};

use self::harness::asked::{Asked, GET, OK, Sent, begin};
use self::harness::{Service, attribute, ok, shown};

/// What is exported of an exchange that `drive` brings to its end.
fn exported(
    asked: Asked,
    headers: &Sent,
    drive: impl FnOnce(&mut Exchange<ServerSpans, Asked>),
) -> SpanRecord {
    let service = Service::new(&TracingSettings::default());
    let mut exchange = begin(&service, asked, headers);
    service.clock.advance(Duration::from_millis(7));
    drive(&mut exchange);
    drop(exchange);
    let mut spans = service.memory.spans();
    assert_eq!(spans.len(), 1);
    let span = spans.remove(0);
    assert_eq!(span.end - span.start, Duration::from_millis(7));
    span
}

#[test]
fn a_plain_request() {
    let headers = Sent(&[
        ("host", "shop.example:8443"),
        ("user-agent", "curl/8.5.0"),
        ("x-forwarded-proto", "https"),
    ]);
    let span = exported(GET, &headers, |exchange| {
        exchange.context().unwrap().add("cart.items", 3);
        exchange.headers(OK);
        exchange.bytes(5);
        exchange.finish(Outcome::Complete);
    });
    assert_eq!(
        shown(&span),
        "Server \"GET /orders/{id}\"\n\
         http.request.method=GET\n\
         url.path=/orders/42\n\
         url.scheme=https\n\
         http.route=/orders/{id}\n\
         http.response.status_code=200\n\
         http.response.body.size=5\n\
         server.address=shop.example\n\
         server.port=8443\n\
         user_agent.original=curl/8.5.0\n\
         obs.outcome=complete\n\
         obs.request_id=..\n\
         cart.items=3"
    );
    assert!(span.parent.is_none() && !span.parent_is_remote && span.dropped_attributes == 0);
}

#[test]
fn no_route_and_404() {
    let asked = Asked { path: "/nowhere", route: None, ..GET };
    let span = exported(asked, &Sent(&[]), |exchange| {
        exchange.headers(Head { status: 404, bodyless: true, ..OK });
    });
    assert_eq!(
        shown(&span),
        "Server \"GET\"\n\
         http.request.method=GET\n\
         url.path=/nowhere\n\
         url.scheme=http\n\
         http.response.status_code=404\n\
         http.response.body.size=0\n\
         obs.outcome=complete\n\
         obs.request_id=.."
    );
}

#[test]
fn a_server_error_with_its_chain() {
    let span = exported(GET, &Sent(&[]), |exchange| {
        let error = std::io::Error::other("postgres://app:hunter2@db refused");
        exchange.context().unwrap().record_error(ErrorRecord::of(&error));
        exchange.headers(Head { status: 503, bodyless: true, ..OK });
    });
    assert_eq!(attribute(&span, "error.type").unwrap().to_string(), "503");
    assert_eq!(span.error.as_deref(), Some("postgres://[redacted]@db refused"));
}

/// Outcome, how it comes about, then status, type of error and whether the span failed.
type Ending = (
    &'static str,
    fn(&mut Exchange<ServerSpans, Asked>),
    Option<&'static str>,
    Option<&'static str>,
    bool,
);

#[test]
fn how_each_ending_is_told() {
    let error_type = |span: &SpanRecord| attribute(span, "error.type").map(ToString::to_string);
    let status =
        |span: &SpanRecord| attribute(span, "http.response.status_code").map(ToString::to_string);
    let endings: [Ending; 8] = [
        (
            "complete",
            |exchange| exchange.headers(Head { status: 500, bodyless: true, ..OK }),
            Some("500"),
            Some("500"),
            true,
        ),
        ("cancelled", |_| {}, None, Some("cancelled"), false),
        (
            "cancelled_in_body",
            |exchange| exchange.headers(OK),
            Some("200"),
            Some("cancelled_in_body"),
            false,
        ),
        (
            "cancelled_in_body",
            |exchange| exchange.headers(Head { status: 502, ..OK }),
            Some("502"),
            Some("502"),
            true,
        ),
        (
            "body_error",
            |exchange| {
                exchange.headers(OK);
                exchange.finish(Outcome::BodyError);
            },
            Some("200"),
            Some("body_error"),
            true,
        ),
        ("panic", |exchange| exchange.finish(Outcome::Panic), Some("500"), Some("panic"), true),
        (
            "upgraded",
            |exchange| exchange.headers(Head { status: 101, ..OK }),
            Some("101"),
            None,
            false,
        ),
        (
            "complete",
            |exchange| {
                exchange.headers(Head { streaming: true, ..OK });
                exchange.finish(Outcome::Complete);
            },
            Some("200"),
            None,
            false,
        ),
    ];
    for (outcome, drive, code, error, failed) in endings {
        let span = exported(GET, &Sent(&[]), drive);
        assert_eq!(attribute(&span, "obs.outcome").unwrap().to_string(), outcome);
        assert_eq!(status(&span).as_deref(), code, "{outcome}");
        assert_eq!(error_type(&span).as_deref(), error, "{outcome}");
        assert_eq!(span.error.is_some(), failed, "{outcome}");
    }
}

#[test]
fn methods_by_the_conventions() {
    let ended = |exchange: &mut Exchange<_, _>| exchange.headers(Head { bodyless: true, ..OK });
    let head = exported(Asked { method: "HEAD", ..GET }, &Sent(&[]), ended);
    assert_eq!(head.name, "HEAD /orders/{id}");
    let odd = exported(Asked { method: "BREW", ..GET }, &Sent(&[]), ended);
    assert_eq!(odd.name, "HTTP /orders/{id}");
    assert_eq!(attribute(&odd, "http.request.method").unwrap().to_string(), "_OTHER");
    assert_eq!(attribute(&odd, "http.request.method_original").unwrap().to_string(), "BREW");
    assert!(attribute(&head, "http.request.method_original").is_none());
}

#[test]
fn what_a_client_sends_is_bounded_and_without_secrets() {
    let path: &'static str = format!("/a;session_token=hunter2/{}", "é".repeat(5000)).leak();
    let agent: &'static str = "x".repeat(100_000).leak();
    let method: &'static str = "M".repeat(1000).leak();
    let headers: &'static [_] = vec![
        ("user-agent", agent),
        ("host", "user:hunter2@shop.example"),
        ("authorization", "Bearer hunter2"),
        ("cookie", "session=hunter2"),
    ]
    .leak();
    let asked = Asked { method, path, route: None };
    let span = exported(asked, &Sent(headers), |exchange| {
        exchange.context().unwrap().add("api_key", "hunter2");
        exchange.context().unwrap().add("http.route", "mine");
        exchange.headers(Head { bodyless: true, ..OK });
    });
    assert!(span.size() < 5000, "{}", span.size());
    assert!(!format!("{span:?}").contains("hunter2"), "{span:#?}");
    assert!(attribute(&span, "server.address").is_none());
}

#[test]
fn a_secret_at_the_bound_is_not_cut_in_half() {
    for length in 470..520 {
        let agent: &'static str =
            format!("{} https://app:hunter2hunter2@shop.example", "x".repeat(length)).leak();
        let headers = Sent(vec![("user-agent", agent)].leak());
        let span = exported(GET, &headers, |exchange| {
            exchange.headers(Head { bodyless: true, ..OK });
        });
        assert!(!format!("{span:?}").contains("app:h"), "{length}");
    }
}

#[test]
fn a_field_does_not_overwrite_what_the_exchange_says() {
    let span = exported(GET, &Sent(&[]), |exchange| {
        exchange.context().unwrap().add("http.route", "mine");
        exchange.headers(Head { bodyless: true, ..OK });
    });
    assert_eq!(attribute(&span, "http.route").unwrap().to_string(), "/orders/{id}");
    assert_eq!(span.dropped_attributes, 1);
}

#[test]
fn hosts() {
    for (host, address, port) in [
        ("shop.example", Some("shop.example"), None),
        ("127.0.0.1:80", Some("127.0.0.1"), Some("80")),
        ("[::1]:8080", Some("::1"), Some("8080")),
        ("[::1]", Some("::1"), None),
        ("", None, None),
        (":80", None, None),
        ("shop:", None, None),
        ("shop:99999", None, None),
        ("[::1", None, None),
        ("[::1]x", None, None),
        ("a b", None, None),
    ] {
        let headers = Sent(vec![("host", host)].leak());
        let span =
            exported(GET, &headers, |exchange| exchange.headers(Head { bodyless: true, ..OK }));
        let text = |key| attribute(&span, key).map(ToString::to_string);
        assert_eq!(text("server.address").as_deref(), address, "{host:?}");
        assert_eq!(text("server.port").as_deref(), port, "{host:?}");
    }
}

#[tokio::test]
async fn a_panicking_handler_through_the_layer() {
    let service = Service::new(&TracingSettings::default());
    let request = Request::get("/orders/1").body(()).unwrap();
    let panics = async || -> http::Response<_> {
        if RequestContext::current().is_some() {
            panic!("on purpose");
        }
        ok()
    };
    let status = service.send(request, panics).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let span = &service.memory.spans()[0];
    assert_eq!(attribute(span, "error.type").unwrap().to_string(), "panic");
    assert_eq!(span.kind, SpanKind::Server);
}

#[test]
fn nothing_is_built_of_a_request_that_is_not_kept() {
    let mut settings = TracingSettings::default();
    settings.sampler = Sampler::always_off();
    let service = Service::new(&settings);
    drop(begin(&service, GET, &Sent(&[])));
    assert!(service.memory.pushes().is_empty());
    assert_eq!(service.count("obs_traces_sampled_total"), 0);
}
