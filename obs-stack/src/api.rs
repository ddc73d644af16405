//! What an application needs of the crates below an adapter. Adapters re-export all of it, so that an
//! application has one dependency.

pub use obs_core::config::{ConfigError, Reader};
pub use obs_core::{
    Call, CallKind, CallOutcome, CallSite, CallStart, Clock, ErrorRecord, FakeClock, FieldValue,
    NewId, Outcome, Panics, RequestContext, RequestId, RequestIds, Secret, ServiceIdentity,
    Shutdown, SpanId, TraceContext, TraceEcho, TraceFlags, TraceId, TraceState, add, in_context,
    inject_with, observe_call, source, spawn, spawn_blocking, upgraded,
};

pub use crate::{Endpoint, Endpoints, InstallError, Obs, Settings, Setup, ShutdownSettings};

#[cfg(feature = "admin")]
pub use crate::AdminSettings;
#[cfg(feature = "errors")]
pub use obs_errors as errors;
#[cfg(feature = "health")]
pub use obs_health::{self as health, Check};
#[cfg(feature = "logging")]
pub use obs_logging as logging;
#[cfg(feature = "metrics")]
pub use obs_metrics as metrics;
#[cfg(feature = "export")]
pub use obs_otlp as export;
#[cfg(feature = "tracing")]
pub use obs_tracing as tracing;
