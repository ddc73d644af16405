//! The admin listener: which port has which path, who may read, and when it ends.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App, HttpServer};
use obs_actix::{Obs, Observe as _, Secret, Serve as _, Settings, Setup};
use obs_testing::admin::{each_port_has_its_paths, it_ends_last};
use obs_testing::get;
use tokio::sync::Notify;

fn obs(token: Option<&str>) -> Obs {
    let setup = Setup::new(Settings::default()).with_settings(|settings| {
        settings.shutdown.delay = Duration::ZERO;
        settings.admin.addr = Some("127.0.0.1:0".parse().unwrap());
        settings.admin.token = token.map(|token| Secret::new(token.to_owned()));
    });
    setup.build()
}

/// Serves, and gives the address of the application and of the admin listener.
async fn serve(
    obs: &Obs,
    routes: impl FnOnce(&mut ServiceConfig) + Clone + Send + 'static,
) -> (SocketAddr, SocketAddr, JoinHandle<()>) {
    let shared = obs.clone();
    let server = HttpServer::new(move || {
        let app = App::new().configure(routes.clone());
        app.configure(shared.routes()).wrap(shared.middleware())
    });
    let server = server.workers(1).bind(("127.0.0.1", 0)).unwrap();
    let (addr, handle) = (server.addrs()[0], obs.clone());
    let served = actix_web::rt::spawn(async move { handle.serve(server).await.unwrap() });
    loop {
        if let Some(admin) = obs.admin_addr() {
            return (addr, admin, served);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[actix_web::test]
async fn each_port_has_its_own_paths() {
    for token in [None, Some("hunter2")] {
        let obs = obs(token);
        let (app, admin, served) = serve(&obs, |_: &mut ServiceConfig| {}).await;
        each_port_has_its_paths(app, admin, token).await;
        obs.shutdown().begin();
        served.await.unwrap();
    }
}

#[actix_web::test]
async fn it_answers_until_the_application_has_drained() {
    let (obs, gate) = (obs(None), Arc::new(Notify::new()));
    let data = Data::new(Arc::clone(&gate));
    let routes = move |config: &mut ServiceConfig| {
        let wait = async |gate: Data<Arc<Notify>>| {
            gate.notified().await;
            "waited"
        };
        config.app_data(data).route("/wait", web::get().to(wait));
    };
    let (app, admin, served) = serve(&obs, routes).await;
    let open = actix_web::rt::spawn(async move { get(app, "/wait").await.text().to_owned() });
    while !get(admin, "/metrics").await.text().contains("\nhttp_requests_in_flight 1\n") {}
    obs.shutdown().begin();
    let ended = async { served.await.unwrap() };
    it_ends_last(app, admin, || gate.notify_one(), ended).await;
    assert_eq!(open.await.unwrap(), "waited");
}
