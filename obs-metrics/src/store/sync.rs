//! What threads meet through: of the standard library, or of loom, which tries every order.

#[cfg(not(all(test, obs_loom)))]
pub(super) use std::sync::atomic::{AtomicU64, Ordering};
#[cfg(not(all(test, obs_loom)))]
pub(super) use std::sync::{Mutex, RwLock};

#[cfg(all(test, obs_loom))]
pub(super) use loom::sync::atomic::{AtomicU64, Ordering};
#[cfg(all(test, obs_loom))]
pub(super) use loom::sync::{Mutex, RwLock};
