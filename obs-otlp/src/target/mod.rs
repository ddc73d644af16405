//! Where things go.

mod envelope;
mod metrics;
mod otlp;
mod push;

pub use self::envelope::EnvelopeTarget;
pub use self::metrics::{HistogramForm, MetricsTarget, TemporalityPreference};
pub use self::otlp::{Compression, OtlpTarget, Protocol};
pub use self::push::PushTarget;
