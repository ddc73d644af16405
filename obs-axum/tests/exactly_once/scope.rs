//! Destructors of what is cancelled still belong to the request.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use obs_axum::{Observe as _, RequestContext};

use crate::app::Stalled;
use crate::harness::{BOTH, Client, Server, eventually, obs};

/// Which request was current at each drop.
#[derive(Clone, Default)]
struct Drops(Arc<Mutex<Vec<Option<String>>>>);

struct Witness(Drops);

impl Drop for Witness {
    fn drop(&mut self) {
        let current = RequestContext::current().map(|context| context.request_id().to_string());
        self.0.0.lock().unwrap().push(current);
    }
}

impl Drops {
    fn seen(&self) -> Vec<Option<String>> {
        self.0.lock().unwrap().clone()
    }
}

fn app(drops: &Drops, begun: &Arc<tokio::sync::Notify>) -> Router {
    let (in_handler, in_body, begun) = (drops.clone(), drops.clone(), begun.clone());
    let handler = move || {
        let (witness, begun) = (Witness(in_handler.clone()), begun.clone());
        async move {
            begun.notify_one();
            std::future::pending::<()>().await;
            drop(witness);
        }
    };
    let body = move || async move {
        let chunk = Bytes::from_static(b"chunk");
        Body::from_stream(Stalled(Some(chunk), Witness(in_body)))
    };
    Router::new().route("/handler", get(handler)).route("/body", get(body))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_handler_is_dropped_inside_its_request() {
    for protocol in BOTH {
        let (drops, begun) = (Drops::default(), Arc::default());
        let server = Server::start(app(&drops, &begun).observe(&obs())).await;
        let mut client = Client::connect(server.addr, *protocol).await;
        tokio::select! {
            response = client.send("GET", "/handler", &[("x-request-id", "mine")]) => {
                panic!("no response was to come: {response:?}")
            }
            () = begun.notified() => {}
        }
        drop(client);
        let mine = vec![Some("mine".to_owned())];
        eventually(async || drops.seen(), mine, "one drop in scope").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_body_is_dropped_inside_its_request() {
    for protocol in BOTH {
        let drops = Drops::default();
        let server = Server::start(app(&drops, &Arc::default()).observe(&obs())).await;
        let mut client = Client::connect(server.addr, *protocol).await;
        let response = client.send("GET", "/body", &[("x-request-id", "mine")]).await.unwrap();
        let mut body = response.into_body();
        assert!(body.frame().await.unwrap().is_ok());
        drop((body, client));
        let mine = vec![Some("mine".to_owned())];
        eventually(async || drops.seen(), mine, "one drop in scope").await;
    }
}
