//! The open spans of the process, by the id that the registry gave them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use super::Node;

/// Enough that threads seldom meet.
const STRIPES: usize = 256;

type Nodes = HashMap<u64, Arc<Node>, BuildHasherDefault<Mixed>>;

#[derive(Debug)]
pub(super) struct Store(Box<[Mutex<Nodes>]>);

impl Store {
    pub(super) fn new() -> Self {
        Self((0..STRIPES).map(|_| Mutex::default()).collect())
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

    #[inline]
    fn with<R>(&self, id: u64, f: impl FnOnce(&mut Nodes) -> R) -> R {
        // All threads use the same few slots of their part of the registry: the low bits alone
        // would let them meet.
        let stripe = &self.0[(mix(id) >> 32) as usize % STRIPES];
        f(&mut stripe.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Fibonacci hashing: the registry's ids are small numbers in bit fields, and no client chooses them.
#[inline]
fn mix(id: u64) -> u64 {
    id.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[derive(Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    #[inline]
    fn write_u64(&mut self, id: u64) {
        // The map looks at both ends, and only the upper half is well mixed.
        self.0 = mix(self.0 ^ id).rotate_left(26);
    }
}
