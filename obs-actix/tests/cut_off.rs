//! One SIGTERM, two listeners, and requests that outlive the deadline: they end, are recorded, and are
//! delivered.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::web::{self, Bytes, Path, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer};
use futures_util::{StreamExt as _, stream};
use obs_actix::{Obs, Observe as _, Serve as _};
use obs_testing::cut_off::everything_is_ended_and_delivered;
use obs_testing::{announce, is_the_service};

/// How often the test is repeated; the variable is for more.
const TIMES: &str = "TEST_TIMES";

#[actix_web::test]
async fn open_requests_are_ended_and_delivered() {
    if is_the_service() {
        be_the_service().await;
        std::process::exit(0);
    }
    let times = std::env::var(TIMES).map_or(3, |times| times.parse().unwrap());
    everything_is_ended_and_delivered("open_requests_are_ended_and_delivered", times).await;
}

async fn be_the_service() {
    let obs = Obs::from_env().unwrap().install().unwrap();
    let sockets = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let addrs = sockets.each_ref().map(|socket| socket.local_addr().unwrap());
    let [first, second] = sockets;
    let (one, two) = (serve(&obs, first, addrs[1]), serve(&obs, second, addrs[0]));
    announce(addrs[0]);
    let (one, two) = futures_util::join!(one, two);
    one.and(two).unwrap();
}

async fn serve(obs: &Obs, socket: TcpListener, other: SocketAddr) -> std::io::Result<()> {
    let shared = obs.clone();
    let server = HttpServer::new(move || {
        let app = App::new().configure(move |config| routes(config, other));
        app.configure(shared.routes()).wrap(shared.middleware())
    });
    obs.serve(server.workers(2).listen(socket)?).await
}

fn routes(config: &mut ServiceConfig, other: SocketAddr) {
    config
        .route("/other", web::get().to(move || async move { other.to_string() }))
        .route("/wait/{millis}", web::get().to(wait))
        .route("/events", web::get().to(events));
}

async fn wait(millis: Path<u64>) -> String {
    tokio::time::sleep(Duration::from_millis(*millis)).await;
    format!("waited {millis}")
}

async fn events() -> HttpResponse {
    let first = Ok::<_, std::io::Error>(Bytes::from("data: 1\n\n"));
    let stream = stream::iter([first]).chain(stream::pending());
    HttpResponse::Ok().content_type("text/event-stream").streaming(stream)
}
