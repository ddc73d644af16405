//! The admin listener: which port has which path, who may read, and when it ends.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::future::poll_fn;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use obs_axum::{AdminSettings, Obs, Observe as _, Secret, Serve as _, Settings, Setup};
use obs_testing::admin::{each_port_has_its_paths, it_ends_last};
use obs_testing::get as fetch;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

fn obs(change: impl FnOnce(&mut AdminSettings)) -> Obs {
    let setup = Setup::new(Settings::default()).with_settings(|settings| {
        settings.shutdown.delay = Duration::ZERO;
        settings.admin.addr = Some("127.0.0.1:0".parse().unwrap());
        change(&mut settings.admin);
    });
    setup.build()
}

/// Serves, and gives the address of the application and of the admin listener.
async fn serve(obs: &Obs, app: Router) -> (SocketAddr, SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (handle, app) = (obs.clone(), app.observe(obs));
    let served = tokio::spawn(async move { handle.serve(listener, app).await.unwrap() });
    let admin = poll_fn(|cx| {
        cx.waker().wake_by_ref();
        obs.admin_addr().map_or(std::task::Poll::Pending, std::task::Poll::Ready)
    });
    (addr, admin.await, served)
}

#[tokio::test]
async fn each_port_has_its_own_paths() {
    for token in [None, Some("hunter2")] {
        let obs = obs(|admin| admin.token = token.map(|token| Secret::new(token.to_owned())));
        let (app, admin, served) = serve(&obs, Router::new()).await;
        each_port_has_its_paths(app, admin, token).await;
        obs.shutdown().begin();
        served.await.unwrap();
    }
}

#[tokio::test]
async fn it_answers_until_the_application_has_drained() {
    let obs = obs(|_| {});
    let gate = Arc::new(Notify::new());
    let wait = {
        let gate = Arc::clone(&gate);
        move || async move { gate.notified().await }
    };
    let (app, admin, served) = serve(&obs, Router::new().route("/wait", get(wait))).await;
    let open = tokio::spawn(async move { fetch(app, "/wait").await.status.as_u16() });
    let in_flight =
        async || fetch(admin, "/metrics").await.text().contains("\nhttp_requests_in_flight 1\n");
    while !in_flight().await {}
    obs.shutdown().begin();
    let ended = async { served.await.unwrap() };
    it_ends_last(app, admin, || gate.notify_one(), ended).await;
    assert_eq!(open.await.unwrap(), 200);
}

#[tokio::test]
async fn two_listeners_of_the_application_share_it() {
    let obs = obs(|_| {});
    let (one, admin, first) = serve(&obs, Router::new()).await;
    let (two, same, second) = serve(&obs, Router::new()).await;
    assert_eq!(admin, same);
    // The one that runs it ends; the other takes over.
    first.abort();
    let _ = first.await;
    assert_eq!(fetch(admin, "/health").await.status, 200);
    assert_eq!(fetch(two, "/ready").await.status, 200);
    assert!(tokio::net::TcpStream::connect(one).await.is_err());
    obs.shutdown().begin();
    second.await.unwrap();
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_an_error_of_serve() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = taken.local_addr().unwrap();
    for (change, kind, text) in [
        (addr, ErrorKind::AddrInUse, format!("OBS_ADMIN_ADDR={addr}: ")),
        ("0.0.0.0:0".parse().unwrap(), ErrorKind::InvalidInput, "OBS_ADMIN_PUBLIC=true".into()),
    ] {
        let obs = obs(|admin| admin.addr = Some(change));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let error = obs.serve(listener, Router::new().observe(&obs)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(&text), "{error}");
    }
}

#[tokio::test]
async fn idle_connections_do_not_keep_others_out() {
    let obs = obs(|_| {});
    let (_, admin, served) = serve(&obs, Router::new()).await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(TcpStream::connect(admin).await.unwrap());
    }
    let answer = tokio::time::timeout(Duration::from_secs(5), fetch(admin, "/live")).await;
    assert_eq!(answer.expect("an answer before the idle ones time out").status.as_u16(), 200);
    drop(idle);
    obs.shutdown().begin();
    served.await.unwrap();
}
