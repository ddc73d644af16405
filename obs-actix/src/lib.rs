//! obs-* for actix-web: metrics, logs, traces, error events and probes with one line on an
//! [`App`](actix_web::App).

mod body;
mod context;
mod endpoints;
mod facts;
mod failure;
mod future;
mod headers;
mod middleware;
mod observe;
mod routes;
mod serve;
mod worker;

pub use self::body::ResponseBody;
pub use self::context::{Context, spawn};
pub use self::failure::{Failure, Result, attach};
pub use self::future::ResponseFuture;
pub use self::middleware::{Middleware, Observed};
pub use self::observe::Observe;
pub use self::serve::Serve;

pub use obs_core::config::{ConfigError, Reader};
pub use obs_core::{
    CallKind, FieldValue, Panics, RequestContext, RequestId, Shutdown, add, in_context,
    observe_call, source, spawn_blocking,
};
#[cfg(feature = "health")]
pub use obs_stack::Check;
pub use obs_stack::{Endpoint, Endpoints, InstallError, Obs, Settings, Setup};
