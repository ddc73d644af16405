//! The label `route`: the pattern that matched, whatever shape the router has, and nothing of the
//! path ever.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod harness;

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use obs_axum::{Obs, Observe as _, RequestContext, named};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tower::service_fn;

use harness::{Client, Protocol, Scrape, Server, eventually, obs, raw};

/// Method, path, status, and the route it is counted under.
type Expected = (&'static str, &'static str, u16, &'static str);

/// Sends each request on one connection and finds each counted once, as expected.
async fn assert_routes(app: Router, expected: &[Expected]) {
    let obs = obs();
    let server = Server::start(app.observe(&obs)).await;
    assert_counted(&obs, &server, expected).await;
}

async fn assert_counted(obs: &Obs, server: &Server, expected: &[Expected]) {
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    for (method, path, status, route) in expected {
        let before = Scrape::of(obs).await;
        let answer = client.call(method, path, &[]).await.unwrap();
        assert_eq!(answer.status, *status, "{method} {path}");
        let status = status.to_string();
        let labels = [("method", *method), ("route", *route), ("status_code", &status)];
        let count = |scrape: &Scrape, labels: &[_]| scrape.value("http_requests_total", labels);
        let one_more = (count(&before, &labels) + 1, count(&before, &[]) + 1);
        eventually(
            async || {
                let now = Scrape::of(obs).await;
                (count(&now, &labels), count(&now, &[]))
            },
            one_more,
            &format!("{method} {path} counted as {labels:?} and nowhere else"),
        )
        .await;
    }
}

async fn ok() -> &'static str {
    "ok"
}

async fn early(_: Request, _: Next) -> Response {
    StatusCode::FORBIDDEN.into_response()
}

#[tokio::test]
async fn routers_of_every_shape() {
    let users = Router::new().route("/", get(ok)).route("/{id}", get(ok).delete(ok));
    let deep = Router::new().route("/orders/{id}", get(ok));
    let teams = Router::new().route("/{team}", get(ok)).nest("/{team}/deep", deep);
    let teams = teams.fallback(|| async { StatusCode::IM_A_TEAPOT });
    let echo = service_fn(|_: Request| async { Ok::<_, Infallible>(Response::new(Body::empty())) });
    let app = Router::new()
        .route("/", get(ok))
        .route("/orders/{id}", get(ok).post(ok))
        .route("/files/{*rest}", get(ok))
        .route_service("/service/{id}", echo)
        .merge(Router::new().route("/merged/{id}", get(ok)))
        .nest("/users", users)
        .nest("/teams", teams);
    assert_routes(
        app,
        &[
            ("GET", "/", 200, "/"),
            ("GET", "/orders/42", 200, "/orders/{id}"),
            ("GET", "/orders/42?a=b", 200, "/orders/{id}"),
            ("POST", "/orders/42", 200, "/orders/{id}"),
            ("HEAD", "/orders/42", 200, "/orders/{id}"),
            ("DELETE", "/orders/42", 405, "/orders/{id}"),
            ("GET", "/files/a/b/c.txt", 200, "/files/{*rest}"),
            ("GET", "/service/1", 200, "/service/{id}"),
            ("PATCH", "/service/1", 200, "/service/{id}"),
            ("GET", "/merged/1", 200, "/merged/{id}"),
            ("GET", "/users", 200, "/users"),
            ("GET", "/users/", 404, "unknown"),
            ("GET", "/users/7", 200, "/users/{id}"),
            ("POST", "/users/7", 405, "/users/{id}"),
            ("GET", "/users/7/nothing", 404, "unknown"),
            ("GET", "/teams/red", 200, "/teams/{team}"),
            ("GET", "/teams/red/deep/orders/9", 200, "/teams/{team}/deep/orders/{id}"),
            ("GET", "/teams/red/deep/none", 418, "unknown"),
            ("GET", "/none", 404, "unknown"),
        ],
    )
    .await;
}

#[tokio::test]
async fn fallbacks_match_no_route() {
    let app = Router::new()
        .route("/a", get(ok))
        .method_not_allowed_fallback(|| async { (StatusCode::METHOD_NOT_ALLOWED, "no") })
        .fallback(ok);
    assert_routes(
        app,
        &[
            ("GET", "/any/where", 200, "unknown"),
            ("PUT", "/a", 405, "/a"),
            ("GET", "/a", 200, "/a"),
        ],
    )
    .await;
    assert_routes(Router::new(), &[("GET", "/", 404, "unknown")]).await;
}

#[tokio::test]
async fn a_nested_service_has_the_name_it_is_given() {
    let files = || {
        service_fn(|request: Request| async move {
            let found = request.uri().path() != "/none";
            let status = if found { StatusCode::OK } else { StatusCode::NOT_FOUND };
            Ok::<_, Infallible>(status.into_response())
        })
    };
    let app = Router::new()
        .nest_service("/plain", files())
        .nest_service("/files", named(files()))
        .nest_service("/deep/{tenant}", named(files()))
        .nest("/in", Router::new().nest_service("/files", named(files())));
    assert_routes(
        app,
        &[
            ("GET", "/plain/a", 200, "unknown"),
            ("GET", "/plain", 200, "/plain"),
            ("GET", "/files/a/b", 200, "/files/{*}"),
            ("GET", "/files/none", 404, "/files/{*}"),
            ("PUT", "/files/a", 200, "/files/{*}"),
            ("GET", "/deep/red/a", 200, "/deep/{tenant}/{*}"),
            ("GET", "/deep/blue/a", 200, "/deep/{tenant}/{*}"),
            ("GET", "/in/files/a", 200, "/in/files/{*}"),
        ],
    )
    .await;
}

/// One `named` service in two places: its pattern is the one of the request, not of the first.
#[tokio::test]
async fn a_service_that_is_nested_twice_has_two_names() {
    let files = named(any(ok));
    let app = Router::new().nest_service("/a", files.clone()).nest_service("/b", files);
    let (a, b) = (("GET", "/a/x", 200, "/a/{*}"), ("GET", "/b/x", 200, "/b/{*}"));
    assert_routes(app, &[a, b, a, b]).await;
}

#[tokio::test]
async fn middleware_that_answers_early_keeps_the_route() {
    let inside = Router::new().route("/orders/{id}", get(ok)).layer(from_fn(early));
    assert_routes(
        inside,
        &[("GET", "/orders/1", 403, "/orders/{id}"), ("GET", "/none", 403, "unknown")],
    )
    .await;

    let only_routes = Router::new().route("/orders/{id}", get(ok)).route_layer(from_fn(early));
    assert_routes(
        only_routes,
        &[("GET", "/orders/1", 403, "/orders/{id}"), ("GET", "/none", 404, "unknown")],
    )
    .await;

    let one_route = Router::new().route("/a", get(ok).layer(from_fn(early))).route("/b", get(ok));
    assert_routes(one_route, &[("GET", "/a", 403, "/a"), ("GET", "/b", 200, "/b")]).await;
}

#[tokio::test]
async fn middleware_outside_answers_unobserved() {
    let obs = obs();
    let app = Router::new().route("/a", get(ok)).observe(&obs).into_router();
    let app = app.layer(from_fn(early)).route("/late", get(ok));
    let server = Server::serve(app).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    for (path, status) in [("/a", 403), ("/late", 200)] {
        assert_eq!(client.call("GET", path, &[]).await.unwrap().status, status);
    }
    assert_eq!(Scrape::of(&obs).await.requests(), []);
}

#[tokio::test]
async fn unusual_methods_share_a_label() {
    let obs = obs();
    let app = Router::new().route("/any", any(ok)).route("/get", get(ok));
    let server = Server::start(app.observe(&obs)).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    for (method, path) in
        [("BREW", "/any"), ("PROPFIND", "/any"), ("get", "/any"), ("BREW", "/get"), ("M1", "/none")]
    {
        client.call(method, path, &[]).await.unwrap();
    }
    let other = |route: &str, status, count| ("OTHER".to_owned(), route.to_owned(), status, count);
    let expected = vec![other("/any", 200, 3), other("/get", 405, 1), other("unknown", 404, 1)];
    eventually(async || Scrape::of(&obs).await.requests(), expected, "method OTHER").await;
}

#[tokio::test]
async fn a_handler_may_route_and_stream_by_itself() {
    let tenant = |Path(tenant): Path<String>| async move {
        if let Some(context) = RequestContext::current() {
            context.set_route(if tenant == "red" { "/red" } else { "/others" });
            context.set_route("/the/first/counts");
        }
        tenant
    };
    let stream = || async {
        if let Some(context) = RequestContext::current() {
            context.mark_streaming();
        }
        "not timed"
    };
    let obs = obs();
    let own = || async {
        let context = RequestContext::current();
        context.inspect(|context| context.set_route("/own")).map_or("no context", |_| "own")
    };
    let app = Router::new()
        .route("/tenants/{tenant}", get(tenant))
        .route("/download", get(stream))
        .fallback(own);
    let server = Server::start(app.observe(&obs)).await;
    assert_counted(
        &obs,
        &server,
        &[
            ("GET", "/tenants/red", 200, "/red"),
            ("GET", "/tenants/blue", 200, "/others"),
            ("GET", "/any/path", 200, "/own"),
            ("GET", "/download", 200, "/download"),
        ],
    )
    .await;
    let scrape = Scrape::of(&obs).await;
    let timed: Vec<_> = scrape.timed().into_iter().map(|(_, route, ..)| route).collect();
    assert_eq!(timed, ["/others", "/own", "/red"], "all but the stream");
}

/// A context is used again for later requests: nothing of this one may show there.
#[tokio::test]
async fn what_one_request_says_of_itself_stays_with_it() {
    let mark = || async {
        let context = RequestContext::current().unwrap();
        context.set_route("/marked");
        context.mark_streaming();
    };
    let app = Router::new().route("/mark", get(mark)).route("/plain", get(ok));
    let obs = obs();
    let server = Server::start(app.observe(&obs)).await;
    let both = [("GET", "/mark", 200, "/marked"), ("GET", "/plain", 200, "/plain")];
    for _ in 0..20 {
        assert_counted(&obs, &server, &both).await;
    }
    let plain = ("GET".to_owned(), "/plain".to_owned(), 200, 20);
    assert_eq!(Scrape::of(&obs).await.timed(), [plain]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_thousand_scattered_paths_are_one_route() {
    const CONNECTIONS: usize = 10;
    const EACH: usize = 5_000;
    let obs = obs();
    let app = Router::new().route("/orders/{id}", post(ok));
    let server = Server::start(app.observe(&obs)).await;

    for connection in 0..CONNECTIONS {
        let requests: String = (1..=EACH)
            .map(|index| {
                let path = (connection * EACH + index).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                let last = if index == EACH { "connection: close\r\n" } else { "" };
                format!("GET /{path:x}/x HTTP/1.1\r\nhost: t\r\n{last}\r\n")
            })
            .collect();
        let (mut reader, mut writer) = raw(server.addr, "").await.into_split();
        let writing = tokio::spawn(async move {
            writer.write_all(requests.as_bytes()).await.unwrap();
            writer
        });
        let mut text = Vec::new();
        let reading = tokio::time::timeout(Duration::from_secs(60), reader.read_to_end(&mut text));
        reading.await.unwrap().unwrap();
        assert_eq!(String::from_utf8_lossy(&text).matches("HTTP/1.1 404").count(), EACH);
        writing.await.unwrap();
    }
    let all = (CONNECTIONS * EACH) as u64;
    let expected = vec![("GET".to_owned(), "unknown".to_owned(), 404, all)];
    eventually(async || Scrape::of(&obs).await.requests(), expected, "one series").await;
}

/// axum makes a new text for the pattern of every request to a layered router inside of
/// `nest_service`: neither memory nor counts may depend on its address.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patterns_without_a_stable_address_are_counted_exactly() {
    const CONNECTIONS: u64 = 8;
    const EACH: u64 = 250;
    let obs = obs();
    let inner = Router::new().route("/orders/{id}", get(ok)).route("/users/{id}", get(ok));
    let app = Router::new().nest_service("/svc", inner.observe(&obs).into_router());
    let server = Server::serve(app).await;
    let addr = server.addr;
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        clients.spawn(async move {
            let mut client = Client::connect(addr, Protocol::Http1).await;
            for index in 0..EACH {
                let kind = if index % 2 == 0 { "orders" } else { "users" };
                let answer = client.call("GET", &format!("/svc/{kind}/{index}"), &[]).await;
                assert_eq!(answer.unwrap().status, 200);
            }
        });
    }
    clients.join_all().await;
    let half = CONNECTIONS * EACH / 2;
    let expected = ["/svc/orders/{id}", "/svc/users/{id}"]
        .map(|route| ("GET".to_owned(), route.to_owned(), 200, half))
        .to_vec();
    eventually(async || Scrape::of(&obs).await.requests(), expected, "2 000 requests").await;
    let scrape = Scrape::of(&obs).await;
    assert_eq!((scrape.in_flight(), scrape.routes().len()), (0, 2));
}
