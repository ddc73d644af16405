//! What threads meet through: of the standard library, or of loom, which tries every order.

#[cfg(not(feature = "loom"))]
pub(super) use std::sync::atomic::{AtomicU64, Ordering};
#[cfg(not(feature = "loom"))]
pub(super) use std::sync::{Mutex, RwLock};

#[cfg(feature = "loom")]
pub(super) use loom::sync::atomic::{AtomicU64, Ordering};
#[cfg(feature = "loom")]
pub(super) use loom::sync::{Mutex, RwLock};
