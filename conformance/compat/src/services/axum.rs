//! With axum-prometheus, and with obs-axum.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Result;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum_prometheus::PrometheusMetricLayerBuilder;
use obs_axum::Observe as _;
use tokio::net::TcpListener;

use super::{Naming, Pair, Preset, fast, held, obs, order, panics, slow};

pub(crate) async fn start() -> Result<Pair> {
    let (layer, handle) = PrometheusMetricLayerBuilder::new().with_default_metrics().build_pair();
    // That describes the families before there is a recorder to hear it; now there is one.
    let _ = PrometheusMetricLayerBuilder::new().build();
    let peer = routes().route("/metrics", get(|| async move { handle.render() })).layer(layer);

    let obs = obs(Naming::preset(Preset::AxumPrometheus));
    let ours = routes().observe(&obs).into_router();

    Ok(Pair { peer: serve(peer).await?, ours: serve(ours).await? })
}

async fn serve(app: Router) -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(address)
}

fn routes() -> Router {
    Router::new()
        .route("/fast", get(fast))
        .route("/slow", get(slow))
        .route("/held", get(held))
        .route("/orders/{id}", get(page).delete(page))
        .route(
            "/orders",
            post(|| async {
                fast().await;
                StatusCode::CREATED
            }),
        )
        .nest("/api", Router::new().nest("/v1", Router::new().route("/items/{id}", get(page))))
        .route(
            "/fails",
            get(|| async {
                fast().await;
                StatusCode::INTERNAL_SERVER_ERROR
            }),
        )
        .route("/panics", get(panics))
        .fallback(|| async {
            fast().await;
            StatusCode::NOT_FOUND
        })
}

async fn page(Path(id): Path<u32>) -> StatusCode {
    StatusCode::from_u16(order(id).await).unwrap_or_default()
}
