//! A service that is told to stop finishes what it has accepted, and ends in time.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

#[path = "../harness/mod.rs"]
mod harness;
mod service;

use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use rustix::process::Signal;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use harness::{Client, Process, Protocol, Scrape, eventually, get as fetch, raw};
use service::start;

const LONG: u64 = 120_000;
/// Longer than any request of [`multiplexed`] takes.
const LONGEST: Duration = Duration::from_secs(5);

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

/// Sends one request after the other until the server wishes to part. Gives how many were answered.
async fn keep_alive(mut client: Client, index: u64) -> u64 {
    for count in 0.. {
        // From an immediate answer to one that outlasts the delay.
        let millis = [0, 1, 5, 20, 80, 300, 900][((index + count) % 7) as usize];
        let answer = client.call("GET", &format!("/wait/{millis}"), &[]).await;
        let answer =
            answer.unwrap_or_else(|| panic!("client {index}, request {count}: broken off"));
        assert_eq!((answer.status.as_u16(), answer.text()), (200, &*format!("waited {millis}")));
        if answer.header("connection") == Some("close") {
            return count + 1;
        }
    }
    unreachable!("counts for ever")
}

async fn under_load(service: &Process) {
    let requests = async || {
        let text = fetch(service.addr, "/metrics").await;
        Scrape::parse(text.text()).value("http_requests_total", &[]) > 100
    };
    eventually(requests, true, "the load to run").await;
}

#[test]
fn no_request_is_lost_in_a_rolling_restart() {
    let delay = Duration::from_millis(600);
    let test = "no_request_is_lost_in_a_rolling_restart";
    let Some(mut service) = start(test, delay.as_millis() as u64, 20_000) else { return };
    block_on(async {
        service.answers().await;
        let mut clients = JoinSet::new();
        for index in 0..16 {
            let client = Client::connect(service.addr, Protocol::Http1).await;
            clients.spawn(keep_alive(client, index));
        }
        under_load(&service).await;
        let begun = Instant::now();
        service.signal(Signal::TERM);
        let answers = clients.join_all().await;
        assert!(answers.len() == 16 && answers.iter().sum::<u64>() > 100, "{answers:?}");
        assert!(service.exit().await.success());
        assert!(begun.elapsed() >= delay, "{:?}", begun.elapsed());
    });
}

/// The same over HTTP/2, which says GOAWAY instead. Gives how many requests were answered.
async fn multiplexed(mut client: Client, index: u64) -> u64 {
    for count in 0.. {
        let millis = [0, 1, 5, 20, 80, 300, 900][((index + count) % 7) as usize];
        let path = format!("/wait/{millis}");
        let sent = tokio::time::timeout(LONGEST, client.send("GET", &path, &[])).await;
        // hyper's client sometimes waits for ever for a request that it never sent after a GOAWAY;
        // the log of the service tells whether it was one that it had begun.
        let Ok(sent) = sent else { return count };
        let response = match sent {
            Ok(response) => response,
            // Told to leave before the request was sent.
            Err(error) if error.is_canceled() || error.is_closed() => return count,
            Err(error) => panic!("client {index}, request {count}: {error:?}"),
        };
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, format!("waited {millis}"));
    }
    unreachable!("counts for ever")
}

#[test]
fn no_stream_is_lost_in_a_rolling_restart() {
    let test = "no_stream_is_lost_in_a_rolling_restart";
    let Some(mut service) = start(test, 300, 20_000) else { return };
    block_on(async {
        service.answers().await;
        let mut clients = JoinSet::new();
        for index in 0..16 {
            let client = Client::connect(service.addr, Protocol::Http2).await;
            clients.spawn(multiplexed(client, index));
        }
        under_load(&service).await;
        service.signal(Signal::TERM);
        let answers = clients.join_all().await;
        assert!(answers.len() == 16 && answers.iter().sum::<u64>() > 100, "{answers:?}");
        assert!(service.exit().await.success());
    });
    let [log, _] = service.output();
    let lines = log.lines().filter(|line| line.contains("\"HTTP Request\""));
    let (ended, cut): (Vec<_>, Vec<_>) =
        lines.partition(|line| line.contains("\"outcome\":\"complete\""));
    assert!(ended.len() > 100 && cut.is_empty(), "{cut:#?}");
}

#[test]
fn while_draining_it_is_alive_and_not_ready_and_still_accepts() {
    let test = "while_draining_it_is_alive_and_not_ready_and_still_accepts";
    let Some(mut service) = start(test, 2_000, 20_000) else { return };
    block_on(async {
        service.answers().await;
        service.signal(Signal::TERM);
        eventually(async || service.status("/ready").await, 503, "not ready").await;
        assert_eq!(service.status("/live").await, 200);
        let late = fetch(service.addr, "/wait/1").await;
        assert_eq!((late.text(), late.header("connection")), ("waited 1", Some("close")));
        assert!(service.exit().await.success());
    });
}

/// A request that never ends, under way.
async fn never_ending(service: &Process) -> TcpStream {
    let socket = raw(service.addr, "GET /forever HTTP/1.1\r\nhost: t\r\n\r\n").await;
    let in_flight =
        async || Scrape::parse(fetch(service.addr, "/metrics").await.text()).in_flight();
    eventually(in_flight, 1, "the request to run").await;
    socket
}

async fn accepts(service: &Process) -> bool {
    TcpStream::connect(service.addr).await.is_ok()
}

#[test]
fn the_deadline_holds_whatever_runs() {
    let Some(mut service) = start("the_deadline_holds_whatever_runs", 0, 700) else {
        return;
    };
    block_on(async {
        service.answers().await;
        let _socket = never_ending(&service).await;
        let begun = Instant::now();
        service.signal(Signal::TERM);
        assert!(service.exit().await.success());
        let took = begun.elapsed();
        // A quarter of it is kept for delivering what is held.
        assert!(took >= Duration::from_millis(525), "it waits until the deadline: {took:?}");
    });
}

/// The delay is part of the deadline.
#[test]
fn a_delay_beyond_the_deadline_is_cut() {
    let Some(mut service) = start("a_delay_beyond_the_deadline_is_cut", LONG, 300) else {
        return;
    };
    block_on(async {
        service.answers().await;
        service.signal(Signal::TERM);
        assert!(service.exit().await.success());
    });
}

#[test]
fn a_second_signal_ends_the_waiting() {
    let Some(mut service) = start("a_second_signal_ends_the_waiting", 0, LONG) else {
        return;
    };
    block_on(async {
        service.answers().await;
        let _socket = never_ending(&service).await;
        service.signal(Signal::TERM);
        eventually(async || accepts(&service).await, false, "an end of accepting").await;
        assert!(service.runs(), "it waits for the request");
        service.signal(Signal::TERM);
        assert!(service.exit().await.success());
    });
}

#[test]
fn a_second_signal_ends_the_delay_too() {
    let Some(mut service) = start("a_second_signal_ends_the_delay_too", LONG, LONG) else {
        return;
    };
    block_on(async {
        service.answers().await;
        let _socket = never_ending(&service).await;
        service.signal(Signal::TERM);
        eventually(async || service.status("/ready").await, 503, "not ready").await;
        assert!(service.runs(), "it waits for load balancers");
        service.signal(Signal::INT);
        assert!(service.exit().await.success());
    });
}

#[test]
fn ctrl_c_waits_for_requests_but_not_for_load_balancers() {
    let test = "ctrl_c_waits_for_requests_but_not_for_load_balancers";
    let Some(mut service) = start(test, LONG, LONG) else { return };
    block_on(async {
        service.answers().await;
        let addr = service.addr;
        let request = tokio::spawn(async move { fetch(addr, "/wait/400").await });
        let in_flight = async || Scrape::parse(fetch(addr, "/metrics").await.text()).in_flight();
        eventually(in_flight, 1, "the request to run").await;
        service.signal(Signal::INT);
        assert_eq!(request.await.unwrap().text(), "waited 400");
        assert!(service.exit().await.success());
    });
}

#[test]
fn the_application_may_end_itself() {
    let Some(mut service) = start("the_application_may_end_itself", 0, LONG) else {
        return;
    };
    block_on(async {
        service.answers().await;
        let mut client = Client::connect(service.addr, Protocol::Http1).await;
        let answer = client.call("POST", "/stop", &[]).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.header("connection")), (200, Some("close")));
        assert!(service.exit().await.success());
    });
}
