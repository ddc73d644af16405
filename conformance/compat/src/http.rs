//! One request per connection, as little HTTP as it takes.

use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// HTTP/1.0: the body ends with the connection.
pub(crate) async fn ask(address: SocketAddr, method: &str, path: &str) -> Result<(u16, String)> {
    let mut stream = begin(address, method, path).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.context("an answer that ends early")?;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    Ok((status.with_context(|| format!("no status in {answer:?}"))?, body.unwrap_or_default()))
}

/// The request is sent and nothing is read.
pub(crate) async fn begin(address: SocketAddr, method: &str, path: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await.context("cannot connect")?;
    stream
        .write_all(
            format!("{method} {path} HTTP/1.0\r\nhost: {address}\r\ncontent-length: 0\r\n\r\n")
                .as_bytes(),
        )
        .await?;
    Ok(stream)
}
