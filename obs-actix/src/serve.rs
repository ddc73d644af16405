use std::fmt::Debug;
use std::io;

use actix_http::{Request, Response};
use actix_service::{IntoServiceFactory, Service, ServiceFactory};
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, Server};
use actix_web::{Error, HttpServer};
use obs_stack::Obs;

/// Serves until it is asked to stop, then drains. `T` is an [`HttpServer`], or a [`Server`] that runs already.
pub trait Serve<T> {
    /// Runs `server`, which is bound already. SIGTERM or Ctrl-C, or
    /// [`shutdown().begin()`](obs_core::Shutdown::begin), ends it: not ready, no new connections, the
    /// open requests, then log lines, spans, metrics and error events, all within
    /// `OBS_SHUTDOWN_TIMEOUT_MS`. Requests that are still open when their share of that time is over are
    /// cut off: they end as `cancelled` and are counted in `obs_requests_cut_total`. A second signal
    /// ends all waiting at once. [`Obs::drive`] has the details.
    ///
    /// Several servers of one handle drain together.
    ///
    /// Of an [`HttpServer`], actix's own handling of signals is turned off, and its `shutdown_timeout`
    /// replaced. An application whose builder calls `run` itself does both before, with a
    /// `shutdown_timeout` beyond `OBS_SHUTDOWN_TIMEOUT_MS`; otherwise actix stops accepting at the
    /// signal, without the delay for load balancers:
    ///
    /// ```
    /// use actix_web::dev::Server;
    /// use actix_web::{App, HttpServer};
    /// use obs_actix::{Obs, Observe, Serve};
    ///
    /// fn build(obs: &Obs) -> std::io::Result<Server> {
    ///     let obs = obs.clone();
    ///     let app = move || App::new().wrap(obs.middleware()).configure(obs.routes());
    ///     let server = HttpServer::new(app).disable_signals().shutdown_timeout(60);
    ///     Ok(server.bind(("127.0.0.1", 8080))?.run())
    /// }
    ///
    /// # async fn f(obs: Obs) -> std::io::Result<()> {
    /// obs.serve(build(&obs)?).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the server; and if the signal handlers cannot be set up, or the admin listener cannot be
    /// opened.
    fn serve(&self, server: T) -> impl Future<Output = io::Result<()>>;
}

impl<F, I, S, B> Serve<HttpServer<F, I, S, B>> for Obs
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<Error> + 'static,
    S::InitError: Debug,
    S::Response: Into<Response<B>> + 'static,
    <S::Service as Service<Request>>::Future: 'static,
    S::Service: 'static,
    B: MessageBody + 'static,
{
    async fn serve(&self, server: HttpServer<F, I, S, B>) -> io::Result<()> {
        // Longer than `drive` waits: it is the one that gives up.
        let patience = self.settings().shutdown.timeout.as_secs() + 1;
        self.serve(server.disable_signals().shutdown_timeout(patience).run()).await
    }
}

impl Serve<Server> for Obs {
    async fn serve(&self, server: Server) -> io::Result<()> {
        let handle = server.handle();
        // The command is sent at once; only its end would have to be awaited.
        self.drive(server, || drop(handle.stop(true))).await
    }
}
