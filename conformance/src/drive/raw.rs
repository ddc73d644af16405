//! What a client library would not send.

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Answer, Outgoing, under_way};
use crate::process::Process;

/// By HTTP/1.0: until the server closes the connection.
pub(super) async fn read(outgoing: &Outgoing, process: &Process) -> Result<Answer> {
    rest(&mut open(outgoing, process, "1.0", "").await?).await
}

/// Has no more to say while the handler runs.
pub(super) async fn half_close(outgoing: &Outgoing, process: &Process) -> Result<Answer> {
    let mut socket = open(outgoing, process, "1.1", "connection: close\r\n").await?;
    under_way(process).await;
    socket.shutdown().await?;
    rest(&mut socket).await
}

/// Leaves HTTP, and expects its four bytes back.
pub(super) async fn upgrade(outgoing: &Outgoing, process: &Process) -> Result<Answer> {
    let upgrade = "connection: upgrade\r\nupgrade: websocket\r\n";
    let mut socket = open(outgoing, process, "1.1", upgrade).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.context("closed in the headers")?);
    }
    socket.write_all(b"ping").await?;
    let mut back = [0; 4];
    socket.read_exact(&mut back).await.context("closed after the upgrade")?;
    ensure!(&back == b"ping", "{back:?} came back");
    parse(&head)
}

async fn open(
    outgoing: &Outgoing,
    process: &Process,
    version: &str,
    more: &str,
) -> Result<TcpStream> {
    let Outgoing { method, target, .. } = outgoing;
    let mut text = format!("{method} {target} HTTP/{version}\r\nhost: {}\r\n{more}", process.addr);
    for (name, value) in &outgoing.headers {
        text += &format!("{name}: {value}\r\n");
    }
    Ok(obs_testing::raw(process.addr, text + "\r\n").await)
}

/// What comes until the server closes the connection.
async fn rest(socket: &mut TcpStream) -> Result<Answer> {
    let mut all = Vec::new();
    socket.read_to_end(&mut all).await?;
    if all.is_empty() { Ok(Answer { cut_off: true, ..Answer::default() }) } else { parse(&all) }
}

fn parse(all: &[u8]) -> Result<Answer> {
    let text = std::str::from_utf8(all)?;
    let (head, body) = text.split_once("\r\n\r\n").context("no end of the headers")?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let mut answer =
        Answer { status, body: Bytes::copy_from_slice(body.as_bytes()), ..Answer::default() };
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let name = HeaderName::from_bytes(name.as_bytes())?;
        answer.headers.insert(name, HeaderValue::from_str(value)?);
    }
    Ok(answer)
}
