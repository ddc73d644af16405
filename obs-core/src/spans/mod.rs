//! A `tracing` span, recorded once: for the log lines inside it and for the exported span.
//!
//! [`SpanLayer`] keeps a [`Node`] per span; [`current`] gives the one that this thread is in. When a
//! span of a sampled request closes, its node becomes a [`SpanRecord`](crate::export::SpanRecord)
//! of that request. Spans outside of requests and jobs serve log lines only.

mod layer;
mod node;
mod stack;
mod store;
mod visit;

pub use self::layer::SpanLayer;
pub use self::node::Node;
pub use self::stack::current;
pub use self::visit::Fields;
