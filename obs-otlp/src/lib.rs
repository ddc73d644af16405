//! The export thread: spans by OTLP, error events by envelope, out of byte-bounded queues.

mod backend;
mod backoff;
mod client;
mod counts;
mod endpoint;
mod envelope;
mod exporter;
mod news;
mod otlp;
mod pipeline;
mod queue;
mod quiet;
mod reason;
mod retry_after;
mod settings;
mod sinks;
mod source;
mod target;
mod thread;

pub use self::counts::{Counts, Flushed};
pub use self::exporter::Exporter;
pub use self::settings::ExportSettings;
pub use self::target::{Compression, EnvelopeTarget, OtlpTarget, Protocol};
