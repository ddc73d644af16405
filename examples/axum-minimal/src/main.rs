//! The smallest service with obs-*: `cargo run -p axum-minimal`, then `curl 127.0.0.1:8080/metrics`.

use axum::{Router, extract::Path, routing::get};
use obs_axum::{Obs, Observe as _, Serve as _};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let obs = Obs::from_env()?.install()?;
    let app = Router::new()
        .route(
            "/hello/{name}",
            get(|Path(name): Path<String>| async move { format!("Hello, {name}!\n") }),
        )
        .observe(&obs);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(obs.serve(listener, app).await?)
}
