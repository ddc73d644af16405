//! A gRPC collector of our own, whose answers are scripted.

use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tonic::{Request, Response, Status};

pub(crate) type Answer = fn() -> Result<ExportTraceServiceResponse, Status>;

/// Gives the answers one after the other, the last one again and again.
pub(crate) struct Grpc {
    pub(crate) port: u16,
    got: Got,
}

type Got = Arc<Mutex<Vec<Request<ExportTraceServiceRequest>>>>;

struct Service {
    answers: Vec<Answer>,
    got: Got,
}

impl Grpc {
    pub(crate) fn new(answers: &[Answer]) -> Self {
        let got = Got::default();
        let service = Service { answers: answers.to_vec(), got: got.clone() };
        let (port, receiver) = mpsc::channel();
        thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(serve(service, &port));
        });
        Self { port: receiver.recv().unwrap(), got }
    }

    pub(crate) fn len(&self) -> usize {
        self.got.lock().unwrap().len()
    }

    /// The first request.
    pub(crate) fn first<R>(
        &self,
        look: impl FnOnce(&Request<ExportTraceServiceRequest>) -> R,
    ) -> R {
        look(&self.got.lock().unwrap()[0])
    }
}

async fn serve(service: Service, port: &mpsc::Sender<u16>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    port.send(listener.local_addr().unwrap().port()).unwrap();
    let service = TowerToHyperService::new(TraceServiceServer::new(service));
    loop {
        let (connection, _) = listener.accept().await.unwrap();
        let io = TokioIo::new(connection);
        let served =
            http2::Builder::new(TokioExecutor::new()).serve_connection(io, service.clone());
        tokio::spawn(served);
    }
}

#[tonic::async_trait]
impl TraceService for Service {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let answer = {
            let mut got = self.got.lock().unwrap();
            got.push(request);
            self.answers[(got.len() - 1).min(self.answers.len() - 1)]
        };
        answer().map(Response::new)
    }
}

/// Ends TLS in front of whatever listens at `to`.
pub(crate) async fn relay(tls: TlsAcceptor, to: u16, port: &mpsc::Sender<u16>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    port.send(listener.local_addr().unwrap().port()).unwrap();
    loop {
        let (connection, _) = listener.accept().await.unwrap();
        let tls = tls.clone();
        tokio::spawn(async move {
            let mut inner = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
            if let Ok(mut outer) = tls.accept(connection).await {
                let _ = copy_bidirectional(&mut outer, &mut inner).await;
            }
        });
    }
}
