//! With actix-web-prom, and with obs-actix.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread;

use actix_web::http::StatusCode;
use actix_web::web::{self, Path, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer, rt};
use actix_web_prom::PrometheusMetricsBuilder;
use anyhow::{Result, anyhow};
use obs_actix::Observe as _;

use super::{Naming, Pair, Preset, fast, held, obs, order, panics, slow};

const NAMESPACE: &str = "api";

pub(crate) fn start() -> Result<Pair> {
    let prometheus = PrometheusMetricsBuilder::new(NAMESPACE)
        .endpoint("/metrics")
        .build()
        .map_err(|error| anyhow!("actix-web-prom: {error}"))?;
    let obs = obs(Naming::preset(Preset::ActixWebProm).namespace(NAMESPACE));

    let (listener, peer) = listen()?;
    thread::spawn(move || {
        let app = move || App::new().wrap(prometheus.clone()).configure(routes);
        let server = HttpServer::new(app).workers(1).disable_signals().listen(listener)?;
        rt::System::new().block_on(server.run())
    });
    let (listener, ours) = listen()?;
    thread::spawn(move || {
        let app =
            move || App::new().wrap(obs.middleware()).configure(obs.routes()).configure(routes);
        let server = HttpServer::new(app).workers(1).disable_signals().listen(listener)?;
        rt::System::new().block_on(server.run())
    });
    Ok(Pair { peer, ours })
}

fn listen() -> Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/fast").route(web::get().to(quick)).route(web::head().to(quick)))
        .service(web::resource("/slow").to(|| async {
            slow().await;
            ("", StatusCode::OK)
        }))
        .service(web::resource("/held").to(|| async {
            held().await;
            ("", StatusCode::OK)
        }))
        .service(
            web::resource("/orders/{id}").route(web::get().to(page)).route(web::delete().to(page)),
        )
        .service(web::resource("/orders").route(web::post().to(|| async {
            fast().await;
            ("", StatusCode::CREATED)
        })))
        .service(web::scope("/api").service(
            web::scope("/v1").service(web::resource("/items/{id}").route(web::get().to(page))),
        ))
        .service(web::resource("/fails").to(|| async {
            fast().await;
            ("", StatusCode::INTERNAL_SERVER_ERROR)
        }))
        .service(web::resource("/panics").to(|| async {
            panics().await;
            ("", StatusCode::OK)
        }))
        .default_service(web::to(|| async {
            fast().await;
            ("", StatusCode::NOT_FOUND)
        }));
}

async fn quick() -> HttpResponse {
    fast().await;
    HttpResponse::Ok().finish()
}

async fn page(id: Path<u32>) -> HttpResponse {
    HttpResponse::new(StatusCode::from_u16(order(id.into_inner()).await).unwrap_or_default())
}
