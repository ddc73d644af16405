//! A `tracing` span, recorded once: for the log lines inside it and for the exported span.
//!
//! [`SpanLayer`] keeps a [`Node`] per span; [`current`] gives the one that this thread is in,
//! [`current_context`] the request that it works on. When a span of a sampled request closes, its
//! node becomes a [`SpanRecord`](crate::export::SpanRecord) of that request. Spans outside of
//! requests and jobs serve log lines only.
//!
//! A child of a span belongs to the same request, also on threads and in tasks without a context. A
//! request or job that begins inside of a span is not its child: its own spans belong to itself.
//! `parent: None` makes a span without an outer one, still of the current request. A field `error`
//! marks the span as failed, unless it is `false`. `otel.name`, `otel.kind`, `otel.status_code` and
//! `otel.status_description` mean what they mean in the crate `tracing-opentelemetry`: the name, kind
//! and status of the exported span.

mod layer;
mod node;
mod otel;
mod stack;
mod store;
mod visit;

pub use self::layer::SpanLayer;
pub use self::node::Node;
pub(crate) use self::stack::enter_call;
pub use self::stack::{current, current_context, innermost};
pub use self::visit::Fields;
