//! The process of a subject: everything installed, from the environment, as in production.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread;

use anyhow::Result;
use bytes::Bytes;
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use obs_stack::Obs;
use obs_stack::api::metrics::Format;
use serde::{Deserialize, Serialize};

use crate::Subject;

/// The first that a service says.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Listening {
    /// Where the subject serves.
    pub(crate) listening: SocketAddr,
    /// Where `/metrics` is: not every subject has it.
    pub(crate) scraped: SocketAddr,
}

pub(crate) fn serve(subject: &Subject) -> Result<()> {
    let bind = || TcpListener::bind("127.0.0.1:0");
    let (listener, scraped) = (bind()?, bind()?);
    let listening = Listening { listening: listener.local_addr()?, scraped: scraped.local_addr()? };
    println!("{}", serde_json::to_string(&listening)?);
    let obs = Obs::from_env()?.install()?;
    let shown = obs.clone();
    thread::spawn(move || show(&shown, scraped));
    Ok((subject.serve)(obs, listener)?)
}

/// Answers every request with the exposition.
#[tokio::main(flavor = "current_thread")]
async fn show(obs: &Obs, listener: TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let obs = obs.clone();
        let service = service_fn(move |_| {
            let obs = obs.clone();
            async move {
                let text = obs.metrics().render(Format::Text);
                Ok::<_, Infallible>(hyper::Response::new(Full::new(Bytes::from(text))))
            }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
