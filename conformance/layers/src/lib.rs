//! The layers that applications have in their `tracing` subscriber: each is tried in the subscriber that
//! obs sets, and with our layer in a subscriber of the application's. A process has one subscriber, so
//! each way is a run of the program `app`.

mod theirs;
mod work;

pub use theirs::Theirs;
pub use work::work;
