//! Every response carries the one id of its request: the client's if acceptable, else a new one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod harness;

use std::collections::HashSet;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use obs_axum::{NewId, Obs, Observe as _, Reader, RequestContext, Settings, Setup};
use tokio::io::AsyncReadExt as _;

use harness::{BOTH, Client, PATIENCE, Protocol, Scrape, Server, get as fetch, obs, raw};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn current_id() -> String {
    RequestContext::current().map_or("none".to_owned(), |context| context.request_id().to_string())
}

fn current_trace() -> String {
    RequestContext::current().unwrap().trace().unwrap().trace_id.to_string()
}

/// The ids that the headers of the request have.
async fn seen(headers: HeaderMap) -> String {
    let ids = headers.get_all("x-request-id").iter().map(|id| id.to_str().unwrap());
    ids.collect::<Vec<_>>().join(" ")
}

async fn panics() {
    panic!("on purpose");
}

/// `/` answers with the id that its handler sees.
fn app() -> Router {
    Router::new()
        .route("/trace", get(|| async { current_trace() }))
        .route("/seen", get(seen))
        .route("/", get(|| async { current_id() }))
        .route("/fails", get(|| async { Err::<(), _>((StatusCode::BAD_GATEWAY, "failed")) }))
        .route("/panics", get(panics))
        .route("/own", get(|| async { ([("x-request-id", "the-handlers")], current_id()) }))
}

async fn replaced(obs: &Obs) -> u64 {
    Scrape::of(obs).await.value("obs_request_ids_replaced_total", &[])
}

fn with(change: impl FnOnce(&mut Settings)) -> Obs {
    Setup::new(Settings::default()).with_settings(change).build()
}

fn from_environment(pairs: &'static [(&'static str, &'static str)]) -> Obs {
    let find = |name: &str| pairs.iter().find(|(key, _)| *key == name);
    let reader = Reader::from_lookup(move |name| find(name).map(|(_, value)| (*value).to_owned()));
    Setup::read(reader).unwrap().build()
}

#[tokio::test]
async fn an_acceptable_id_is_taken_over() {
    let longest = "x".repeat(128);
    for protocol in BOTH {
        let obs = obs();
        let server = Server::start(app().observe(&obs)).await;
        let mut client = Client::connect(server.addr, *protocol).await;
        for id in ["a", "order-42", "A.b_c:d/e+f=g@h", &longest] {
            let answer = client.call("GET", "/", &[("x-request-id", id)]).await.unwrap();
            assert_eq!((answer.header("x-request-id"), answer.text()), (Some(id), id));
        }
        assert_eq!(replaced(&obs).await, 0);
    }
}

#[tokio::test]
async fn an_unacceptable_id_is_replaced_and_counted() {
    let obs = obs();
    let server = Server::start(app().observe(&obs)).await;
    let too_long = "x".repeat(129);
    let bad: [&[u8]; 7] = [
        b"",
        b"two words",
        b"tab\tbed",
        b"quote\"d",
        b"<script>",
        b"caf\xc3\xa9 \xff",
        too_long.as_bytes(),
    ];
    for (count, id) in (1..).zip(bad) {
        let mut request =
            b"GET / HTTP/1.1\r\nhost: t\r\nconnection: close\r\nx-request-id: ".to_vec();
        request.extend_from_slice(id);
        request.extend_from_slice(b"\r\n\r\n");
        let mut text = String::new();
        let mut socket = raw(server.addr, request).await;
        let reading = tokio::time::timeout(PATIENCE, socket.read_to_string(&mut text));
        reading.await.unwrap().unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        assert_eq!(body.len(), 32, "the id of the trace: {body}");
        assert_eq!(head.matches(&format!("x-request-id: {body}")).count(), 1, "{head}");
        assert_eq!(replaced(&obs).await, count, "{}", String::from_utf8_lossy(id));
    }
}

/// Requests of a caller's trace have ids of their own.
#[tokio::test]
async fn generated_ids_are_unique_and_ordered_by_time() {
    let obs = obs();
    let server = Server::start(app().observe(&obs)).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    let (mut ids, mut last) = (HashSet::new(), String::new());
    for _ in 0..10_000 {
        let answer = client.call("GET", "/", &[("traceparent", CALLER)]).await.unwrap();
        let id = answer.header("x-request-id").unwrap().to_owned();
        assert_eq!(id, answer.text());
        // The milliseconds of a UUID version 7: 48 bits, with a hyphen among their digits.
        let millis = id[..13].to_owned();
        assert!(millis >= last, "{id} after {last}");
        assert_eq!(&id[14..15], "7", "{id}");
        last = millis;
        assert!(ids.insert(id));
    }
    assert_eq!(replaced(&obs).await, 0, "no id is not a bad id");
}

#[tokio::test]
async fn every_kind_of_answer_carries_the_id() {
    for protocol in BOTH {
        let server = Server::start(app().observe(&obs())).await;
        let mut client = Client::connect(server.addr, *protocol).await;
        for (method, path, status) in [
            ("GET", "/", 200),
            ("HEAD", "/", 200),
            ("GET", "/none", 404),
            ("POST", "/", 405),
            ("GET", "/fails", 502),
            ("GET", "/panics", 500),
            ("GET", "/own", 200),
        ] {
            let mine = [("x-request-id", "mine")];
            let answer = client.call(method, path, &mine).await.unwrap();
            assert_eq!(answer.status, status, "{method} {path}");
            let all: Vec<_> = answer.headers.get_all("x-request-id").iter().collect();
            // An id that the handler itself has put there stays, and stays the only one.
            let own = path == "/own";
            assert_eq!(all, [if own { "the-handlers" } else { "mine" }], "{method} {path}");

            let answer = client.call(method, path, &[]).await.unwrap();
            let length = if own { "the-handlers".len() } else { 32 };
            assert_eq!(
                answer.header("x-request-id").map(str::len),
                Some(length),
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn another_header() {
    let from_code = with(|settings| settings.request_ids.header = "X-Correlation-Id".to_owned());
    let from_environment = from_environment(&[("OBS_REQUEST_ID_HEADER", "X-Correlation-Id")]);
    for obs in [from_code, from_environment] {
        let server = Server::start(app().observe(&obs)).await;
        let mut client = Client::connect(server.addr, Protocol::Http1).await;
        let both = [("x-correlation-id", "this"), ("x-request-id", "not this")];
        let answer = client.call("GET", "/", &both).await.unwrap();
        assert_eq!((answer.text(), answer.header("x-correlation-id")), ("this", Some("this")));
        assert_eq!((answer.header("x-request-id"), replaced(&obs).await), (None, 0));
    }
}

#[tokio::test]
async fn echo_off() {
    let from_code = with(|settings| settings.request_ids.echo = false);
    for obs in [from_code, from_environment(&[("OBS_REQUEST_ID_ECHO", "false")])] {
        let server = Server::start(app().observe(&obs)).await;
        let mut client = Client::connect(server.addr, Protocol::Http1).await;
        let mine = [("x-request-id", "mine")];
        let answer = client.call("GET", "/", &mine).await.unwrap();
        assert_eq!((answer.text(), answer.header("x-request-id")), ("mine", None));
        let answer = client.call("GET", "/panics", &mine).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.header("x-request-id")), (500, None));
        let answer = client.call("GET", "/own", &mine).await.unwrap();
        assert_eq!(answer.header("x-request-id"), Some("the-handlers"), "not ours to take away");
    }
}

#[tokio::test]
async fn accept_off() {
    let from_code = with(|settings| settings.request_ids.accept = false);
    for obs in [from_code, from_environment(&[("OBS_REQUEST_ID_ACCEPT", "false")])] {
        let server = Server::start(app().observe(&obs)).await;
        let mut client = Client::connect(server.addr, Protocol::Http1).await;
        let answer = client.call("GET", "/", &[("x-request-id", "mine")]).await.unwrap();
        assert_eq!((answer.text().len(), answer.header("x-request-id")), (32, Some(answer.text())));
        assert_eq!(replaced(&obs).await, 0, "nothing was looked at, so nothing was bad");
    }
}

/// All handlers are under way before the first goes on; each is polled many times, on any thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_requests_see_only_their_own_id() {
    const REQUESTS: usize = 200;
    let barrier = std::sync::Arc::new(tokio::sync::Barrier::new(REQUESTS));
    let handler = move |Path(id): Path<String>| async move {
        let mut seen = HashSet::from([current_id()]);
        barrier.wait().await;
        for _ in 0..50 {
            seen.insert(current_id());
            tokio::task::yield_now().await;
        }
        seen.insert(current_id());
        format!("{id} {seen:?}")
    };
    let app = Router::new().route("/{id}", get(handler));
    let server = Server::start(app.observe(&obs())).await;
    let addr = server.addr;
    let mut requests = tokio::task::JoinSet::new();
    for index in 0..REQUESTS {
        requests.spawn(async move {
            let mut client = Client::connect(addr, BOTH[index % 2]).await;
            let id = format!("id-{index}");
            let answer = client.call("GET", &format!("/{id}"), &[("x-request-id", &id)]).await;
            assert_eq!(answer.unwrap().text(), format!("{id} {{\"{id}\"}}"));
        });
    }
    assert_eq!(requests.join_all().await.len(), REQUESTS);
    assert_eq!(current_id(), "none", "outside of a request there is none");
}

#[tokio::test]
async fn endpoints_carry_no_id() {
    let server = Server::start(app().observe(&obs())).await;
    for path in ["/metrics", "/live", "/ready", "/health"] {
        let answer = fetch(server.addr, path).await;
        assert_eq!((answer.status.as_u16(), answer.header("x-request-id")), (200, None), "{path}");
    }
}

#[tokio::test]
async fn a_trace_that_starts_here_and_its_request_have_one_id() {
    for protocol in BOTH {
        let server = Server::start(app().observe(&obs())).await;
        let mut client = Client::connect(server.addr, *protocol).await;
        let answer = client.call("GET", "/trace", &[]).await.unwrap();
        assert_eq!(answer.header("x-request-id"), Some(answer.text()));
        for headers in [
            &[("x-request-id", "not acceptable")][..],
            &[("traceparent", "garbage")],
            &[("x-request-id", ""), ("traceparent", "garbage")],
        ] {
            let answer = client.call("GET", "/trace", headers).await.unwrap();
            assert_eq!(answer.header("x-request-id"), Some(answer.text()), "{headers:?}");
        }
        let mine = client.call("GET", "/trace", &[("x-request-id", "mine")]).await.unwrap();
        assert_eq!((mine.header("x-request-id"), mine.text().len()), (Some("mine"), 32));
        let goes_on = client.call("GET", "/trace", &[("traceparent", CALLER)]).await.unwrap();
        assert_eq!(goes_on.text(), TRACE);
        assert_eq!(goes_on.header("x-request-id").map(str::len), Some(36), "its own");
    }
}

#[tokio::test]
async fn the_id_of_a_callers_trace_if_asked_for() {
    let from_code = with(|settings| settings.request_ids.new = NewId::Trace);
    for obs in [from_code, from_environment(&[("OBS_REQUEST_ID", "trace")])] {
        let server = Server::start(app().observe(&obs)).await;
        let mut client = Client::connect(server.addr, Protocol::Http1).await;
        let answer = client.call("GET", "/", &[("traceparent", CALLER)]).await.unwrap();
        assert_eq!((answer.text(), answer.header("x-request-id")), (TRACE, Some(TRACE)));
        let both = [("traceparent", CALLER), ("x-request-id", "mine")];
        assert_eq!(client.call("GET", "/", &both).await.unwrap().text(), "mine");
    }
}

#[tokio::test]
async fn the_id_is_on_the_request_if_asked_for() {
    let from_code = with(|settings| settings.request_ids.on_request = true);
    for obs in [from_code, from_environment(&[("OBS_REQUEST_ID_ON_REQUEST", "true")])] {
        let server = Server::start(app().observe(&obs)).await;
        let mut client = Client::connect(server.addr, Protocol::Http1).await;
        for headers in [&[][..], &[("x-request-id", "a b")], &[("x-request-id", "mine")]] {
            let answer = client.call("GET", "/seen", headers).await.unwrap();
            assert_eq!(answer.header("x-request-id"), Some(answer.text()), "{headers:?}");
        }
    }
    let server = Server::start(app().observe(&obs())).await;
    assert_eq!(fetch(server.addr, "/seen").await.text(), "", "not by default");
}
