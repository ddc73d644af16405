//! The export thread: spans by OTLP, error events by envelope, out of byte-bounded queues.

mod counts;
mod endpoint;
mod exporter;
mod settings;
mod target;

pub use self::counts::{Counts, Flushed};
pub use self::exporter::Exporter;
pub use self::settings::ExportSettings;
pub use self::target::{Compression, EnvelopeTarget, OtlpTarget, Protocol};
