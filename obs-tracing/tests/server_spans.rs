//! The span of a request, whatever becomes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod harness;

use std::sync::Arc;
use std::time::Duration;

use http::{Request, StatusCode};
use obs_core::export::{SpanKind, SpanRecord};
use obs_core::{
    ErrorRecord, Exchange, Facts, Head, Headers, Outcome, RequestContext, Route, TraceContext,
};
use obs_tracing::{Sampler, ServerSpans, TracingSettings};

use self::harness::{Service, attribute, ok, shown};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

struct Sent(&'static [(&'static str, &'static str)]);

impl Headers for Sent {
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_bytes())
    }

    fn each(&self, name: &str, value: &mut dyn FnMut(&[u8])) {
        let same = self.0.iter().filter(|(known, _)| *known == name);
        same.for_each(|(_, text)| value(text.as_bytes()));
    }
}

struct Asked {
    method: &'static str,
    path: &'static str,
    route: Option<&'static str>,
}

const GET: Asked = Asked { method: "GET", path: "/orders/42", route: Some("/orders/{id}") };

impl Facts for Asked {
    fn method(&self) -> &str {
        self.method
    }

    fn path(&self) -> &str {
        self.path
    }

    fn route(&self) -> Option<Route<'_>> {
        self.route.as_ref().map(|route| Route { pattern: route, owner: route })
    }
}

const OK: Head = Head { status: 200, bodyless: false, length: None, streaming: false };

fn begin(service: &Service, asked: Asked, headers: &Sent) -> Exchange<ServerSpans, Asked> {
    Exchange::begin(Arc::clone(&service.lifecycle), asked, headers, None)
}

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

/// Where a request with these headers stands, and whether a span came of it.
fn placed(settings: &TracingSettings, headers: &Sent) -> (TraceContext, Option<SpanRecord>, u64) {
    let service = Service::new(settings);
    let mut exchange = begin(&service, GET, headers);
    let trace = exchange.context().unwrap().trace().unwrap();
    exchange.headers(Head { bodyless: true, ..OK });
    let rejected = service.count("obs_traceparent_rejected_total");
    (trace, service.memory.spans().pop(), rejected)
}

#[test]
fn a_sampled_caller_is_continued() {
    let headers =
        Sent(&[("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]);
    let mut settings = TracingSettings::default();
    settings.sampler = Sampler::always_off().parent_based();
    let (trace, span, rejected) = placed(&settings, &headers);
    let span = span.unwrap();
    assert_eq!(trace.trace_id.to_string(), TRACE);
    assert_eq!((span.trace_id, span.span_id), (trace.trace_id, trace.span_id));
    assert_eq!(span.parent.unwrap().to_string(), "00f067aa0ba902b7");
    assert!(span.parent_is_remote && rejected == 0);
}

#[test]
fn an_unsampled_caller_is_followed() {
    let headers =
        Sent(&[("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")]);
    let (trace, span, rejected) = placed(&TracingSettings::default(), &headers);
    assert_eq!(trace.trace_id.to_string(), TRACE);
    assert!(!trace.sampled && span.is_none() && rejected == 0);
}

#[test]
fn a_broken_or_repeated_caller_is_a_new_trace_and_counted() {
    const GOOD: (&str, &str) =
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    for headers in [
        Sent(&[("traceparent", "garbage")]),
        Sent(&[("traceparent", "")]),
        Sent(&[GOOD, GOOD]),
        Sent(&[GOOD, ("traceparent", "garbage")]),
        Sent(&[("traceparent", "garbage"), GOOD]),
    ] {
        let (trace, span, rejected) = placed(&TracingSettings::default(), &headers);
        assert_ne!(trace.trace_id.to_string(), TRACE);
        assert!(trace.parent.is_none() && span.is_some() && rejected == 1, "{:?}", headers.0);
    }
}

#[tokio::test]
async fn a_repeated_header_is_seen_in_real_headers() {
    let service = Service::new(&TracingSettings::default());
    let value = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let once = Request::get("/orders/1").header("traceparent", value);
    service.send(once.body(()).unwrap(), async || ok()).await;
    let twice = Request::get("/orders/2").header("traceparent", value).header("traceparent", value);
    service.send(twice.body(()).unwrap(), async || ok()).await;
    let spans = service.memory.spans();
    assert_eq!(spans[0].trace_id.to_string(), TRACE);
    assert_ne!(spans[1].trace_id.to_string(), TRACE);
    assert_eq!(service.count("obs_traceparent_rejected_total"), 1);
    assert_eq!(service.count("obs_traces_sampled_total"), 2);
    assert_eq!(attribute(&spans[0], "network.protocol.version").unwrap().to_string(), "1.1");
}

#[test]
fn ids_are_chosen_without_a_sink_and_with_export_off() {
    let mut off = TracingSettings::default();
    off.export = false;
    let service = Service::new(&off);
    assert!(service.lifecycle.observer().sink().is_none());
    let (trace, span, _) = placed(&off, &Sent(&[]));
    assert!(trace.sampled && span.is_none(), "the next service hears the sampler's decision");

    let spans = ServerSpans::new(&TracingSettings::default(), None);
    let lifecycle = Arc::new(obs_core::Lifecycle::new(spans));
    let exchange = Exchange::begin(lifecycle, GET, &Sent(&[]), None);
    assert!(exchange.context().unwrap().trace().is_some_and(|trace| trace.sampled));
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
