//! tokio's console beside ours: `cargo xtask full console`.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use console_subscriber::ConsoleLayer;
use obs_axum::Obs;
use tracing_error::ErrorLayer;

fn main() -> Result<()> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let console = ConsoleLayer::builder().server_addr((Ipv4Addr::LOCALHOST, port)).spawn();
    let obs = Obs::from_env()?.with_layer(console).with_layer(ErrorLayer::default()).install()?;
    obs_layers::work(&obs)?;
    let deadline = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        ensure!(Instant::now() < deadline, "the console does not listen on {port}");
        sleep(Duration::from_millis(20));
    }
    println!("the console listens beside our lines");
    Ok(())
}
