//! The open spans of the process, by the id that the registry gave them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Node;

/// Enough that threads seldom meet.
const STRIPES: usize = 64;

#[derive(Debug)]
pub(super) struct Store([Mutex<HashMap<u64, Arc<Node>>>; STRIPES]);

impl Store {
    pub(super) fn new() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }

    pub(super) fn insert(&self, id: u64, node: Arc<Node>) {
        self.with(id, |nodes| nodes.insert(id, node));
    }

    pub(super) fn get(&self, id: u64) -> Option<Arc<Node>> {
        self.with(id, |nodes| nodes.get(&id).cloned())
    }

    pub(super) fn remove(&self, id: u64) -> Option<Arc<Node>> {
        self.with(id, |nodes| nodes.remove(&id))
    }

    fn with<R>(&self, id: u64, f: impl FnOnce(&mut HashMap<u64, Arc<Node>>) -> R) -> R {
        // The low bits of a registry's id tell slots apart, the high ones generations.
        let stripe = &self.0[id as usize % STRIPES];
        f(&mut stripe.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
