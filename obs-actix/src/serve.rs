use std::fmt::Debug;
use std::io;

use actix_http::{Request, Response};
use actix_service::{IntoServiceFactory, Service, ServiceFactory};
use actix_web::body::MessageBody;
use actix_web::dev::AppConfig;
use actix_web::{Error, HttpServer};
use obs_stack::Obs;

/// Serves until told to stop, then drains. `T` is an [`HttpServer`].
pub trait Serve<T> {
    /// Runs `server`, which is bound already. SIGTERM or Ctrl-C, or
    /// [`shutdown().begin()`](obs_core::Shutdown::begin), ends it: not ready, no new connections, the
    /// requests under way, then log lines, spans and error events, all within
    /// `OBS_SHUTDOWN_TIMEOUT_MS`. A second signal ends all waiting at once. [`Obs::drive`] has the
    /// details.
    ///
    /// actix's own handling of signals is turned off, and its `shutdown_timeout` replaced.
    ///
    /// # Errors
    /// Those of the server, and if the signal handlers cannot be set up.
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
        let server = server.disable_signals().shutdown_timeout(patience).run();
        let handle = server.handle();
        // The command is sent at once; only its end would have to be awaited.
        self.drive(server, || drop(handle.stop(true))).await
    }
}
