//! The plain layer of obs-core, in front of a gRPC service of tonic.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::stream::{self, BoxStream, StreamExt as _};
use obs_core::tower::{GrpcFacts, ObserveLayer};
use obs_stack::{Obs, Stack};
use tokio::sync::oneshot;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::codegen::http;
use tonic::server::{Grpc, NamedService};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Response, Status};
use tonic_prost::ProstCodec;

use super::app;

#[tokio::main(worker_threads = 2)]
pub(super) async fn serve(obs: Obs, listener: TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let incoming = TcpIncoming::from(tokio::net::TcpListener::from_std(listener)?);
    let (stop, stopped) = oneshot::channel::<()>();
    let server = Server::builder()
        .layer(ObserveLayer::<Stack, GrpcFacts>::new(Arc::clone(obs.lifecycle())))
        .add_service(Orders)
        .serve_with_incoming_shutdown(incoming, async { drop(stopped.await) });
    let server = async { server.await.map_err(io::Error::other) };
    obs.drive(server, || drop(stop)).await
}

/// `conformance.Orders`; its messages are those of `google.protobuf.StringValue`.
#[derive(Clone, Copy)]
struct Orders;

impl NamedService for Orders {
    const NAME: &'static str = "conformance.Orders";
}

type Called = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

impl Service<http::Request<Body>> for Orders {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Called;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Called {
        let mut grpc = Grpc::new(ProstCodec::<String, String>::default());
        Box::pin(async move {
            Ok(match request.uri().path() {
                "/conformance.Orders/Get" => grpc.unary(Get, request).await,
                "/conformance.Orders/Watch" => grpc.server_streaming(Watch, request).await,
                _ => Status::unimplemented("no such method").into_http(),
            })
        })
    }
}

struct Get;

impl Service<Request<String>> for Get {
    type Response = Response<String>;
    type Error = Status;
    type Future = Pin<Box<dyn Future<Output = Result<Response<String>, Status>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        Box::pin(get(request.into_inner()))
    }
}

async fn get(order: String) -> Result<Response<String>, Status> {
    tracing::info!("in the call");
    match order.as_str() {
        "missing" => return Err(Status::not_found("no such order")),
        "unavailable" => return Err(Status::unavailable("no stock")),
        "panic" => app::out_of("paper"),
        "slow" => tokio::time::sleep(app::SLOW).await,
        order if order.starts_with("together ") => app::after_the_others(order).await,
        _ => {}
    }
    Ok(Response::new(format!("order {order}")))
}

struct Watch;

type Watched = BoxStream<'static, Result<String, Status>>;

impl Service<Request<String>> for Watch {
    type Response = Response<Watched>;
    type Error = Status;
    type Future = std::future::Ready<Result<Response<Watched>, Status>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let order = |n| Ok(format!("order {n}"));
        let watched = match request.into_inner().as_str() {
            "fails" => stream::iter([order(1), Err(Status::new(Code::Internal, "lost"))]).boxed(),
            "stalls" => stream::iter([order(1)]).chain(stream::pending()).boxed(),
            _ => stream::iter([order(1), order(2)]).boxed(),
        };
        std::future::ready(Ok(Response::new(watched)))
    }
}
