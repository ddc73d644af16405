//! Serves until it is asked to stop, then drains, and cuts off what is still open at the deadline.

mod connection;
mod incoming;

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;

use axum::BoxError;
use axum::body::{Bytes, HttpBody};
use axum::extract::Request;
use axum::response::Response;
use axum::serve::Listener;
use obs_core::Shutdown;
use obs_stack::Obs;
use tokio::sync::{oneshot, watch};
use tower_service::Service;

pub use self::incoming::Incoming;

/// Serves until it is asked to stop, then drains.
pub trait Serve {
    /// Serves `app` on `listener`. SIGTERM or Ctrl-C, or
    /// [`shutdown().begin()`](obs_core::Shutdown::begin), ends it: not ready, no new connections, the
    /// open requests, then log lines, spans, metrics and error events, all within
    /// `OBS_SHUTDOWN_TIMEOUT_MS`. Requests that are still open when their share of that time is over are
    /// cut off: they end as `cancelled` and are counted in `obs_requests_cut_total`. A second signal
    /// ends all waiting at once. [`Obs::drive`] has the details.
    ///
    /// Several listeners of one handle, each with an application of its own, drain together. Dropping
    /// the future cuts off its connections.
    ///
    /// `app` is an [`Observed`](crate::Observed), or anything that makes a service for each connection.
    /// Handlers that extract `ConnectInfo` need to know it:
    ///
    /// ```
    /// use std::net::SocketAddr;
    ///
    /// use axum::extract::ConnectInfo;
    /// use axum::{Router, routing::get};
    /// use obs_axum::{Obs, Observe, Serve};
    ///
    /// async fn client(ConnectInfo(client): ConnectInfo<SocketAddr>) -> String {
    ///     client.to_string()
    /// }
    ///
    /// # async fn f(obs: Obs, listener: tokio::net::TcpListener) -> std::io::Result<()> {
    /// let app = Router::new().route("/", get(client)).observe(&obs);
    /// obs.serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
    /// # }
    /// ```
    ///
    /// Layers that must come before routing, such as `NormalizePathLayer` of tower-http, are put around
    /// the observed router. What they answer themselves is not observed:
    ///
    /// ```
    /// use axum::extract::Request;
    /// use axum::{Router, ServiceExt as _, routing::get};
    /// use obs_axum::{Obs, Observe, Serve};
    ///
    /// # fn trimmed(request: Request) -> Request { request }
    /// # async fn f(obs: Obs, listener: tokio::net::TcpListener) -> std::io::Result<()> {
    /// let app = Router::new().route("/orders", get(|| async { "orders" })).observe(&obs);
    /// let app = tower::ServiceBuilder::new().map_request(trimmed).service(app);
    /// obs.serve(listener, app.into_make_service()).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the signal handlers cannot be set up, or the admin listener cannot be opened.
    fn serve<L, M, S, B>(&self, listener: L, app: M) -> impl Future<Output = io::Result<()>> + Send
    where
        L: Listener,
        M: for<'a> Service<Incoming<'a, L>, Response = S, Error = Infallible> + Send + 'static,
        for<'a> <M as Service<Incoming<'a, L>>>::Future: Send,
        S: Service<Request, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>;
}

impl Serve for Obs {
    async fn serve<L, M, S, B>(&self, listener: L, app: M) -> io::Result<()>
    where
        L: Listener,
        M: for<'a> Service<Incoming<'a, L>, Response = S, Error = Infallible> + Send + 'static,
        for<'a> <M as Service<Incoming<'a, L>>>::Future: Send,
        S: Service<Request, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let (stop_accepting, stopped) = oneshot::channel();
        let server = accept(listener, app, stopped, self.shutdown().clone());
        self.drive(server, || drop(stop_accepting)).await
    }
}

/// Accepts until `stopped`, then waits for the connections. Dropped, it cuts them off.
async fn accept<L, M, S, B>(
    mut listener: L,
    mut app: M,
    mut stopped: oneshot::Receiver<Infallible>,
    shutdown: Shutdown,
) -> io::Result<()>
where
    L: Listener,
    M: for<'a> Service<Incoming<'a, L>, Response = S, Error = Infallible>,
    S: Service<Request, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let draining = watch::Sender::new(false);
    loop {
        let (io, remote_addr) = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => break,
        };
        let Ok(()) = poll_fn(|cx| app.poll_ready(cx)).await;
        let Ok(service) = app.call(Incoming::new(&io, &remote_addr)).await;
        let hold = shutdown.hold();
        tokio::spawn(connection::serve(io, service, draining.subscribe(), hold));
    }
    drop(listener);
    draining.send_replace(true);
    draining.closed().await;
    Ok(())
}
