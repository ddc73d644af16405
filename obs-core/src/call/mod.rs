//! Outgoing work: one [`Call`] per query, command or request to another service, as there is one
//! exchange per request. It begins, ends exactly once, and every signal is derived from that record.

mod finished;
mod future;
mod kind;
mod observer;
mod running;
mod site;
mod start;

pub use self::finished::FinishedCall;
pub use self::future::{ObservedCall, observe_call};
pub use self::kind::{CallKind, CallOutcome};
pub use self::observer::{CallObserver, call_observer, set_call_observer};
pub use self::running::Call;
pub(crate) use self::site::Held;
pub use self::site::{CallSite, MAX_CALL_SITES, MAX_CALL_TEXT};
pub use self::start::CallStart;
