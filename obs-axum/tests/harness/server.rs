use std::net::SocketAddr;

use axum::extract::Request;
use axum::response::Response;
use axum::serve::IncomingStream;
use obs_axum::Observed;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::Service;

use super::PATIENCE;

/// `axum::serve` on a free port of the loopback interface.
pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(app: Observed) -> Self {
        Self::serve(app).await
    }

    /// Any make-service: a `Router`, or one with connect info.
    pub(crate) async fn serve<M, S>(app: M) -> Self
    where
        M: for<'a> Service<
                IncomingStream<'a, TcpListener>,
                Error = std::convert::Infallible,
                Response = S,
            > + Send
            + 'static,
        for<'a> <M as Service<IncomingStream<'a, TcpListener>>>::Future: Send,
        S: Service<Request, Response = Response, Error = std::convert::Infallible>
            + Clone
            + Send
            + 'static,
        S::Future: Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let serving = axum::serve(listener, app);
            let _ = serving.with_graceful_shutdown(async { drop(stopped.await) }).await;
        });
        Self { addr, stop, task }
    }

    /// Ends when every connection has ended.
    pub(crate) async fn stop(self) {
        drop(self.stop);
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap();
    }
}
