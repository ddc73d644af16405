//! Label values as the key of a table: owned, and borrowed for a look-up without an allocation.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use papaya::Equivalent;

use crate::families::label::MAX_LABELS;
use crate::governor::OTHER;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key(pub(super) Box<[Arc<str>]>);

#[derive(Clone, Copy, Debug)]
pub(super) struct Texts<'a> {
    texts: [&'a str; MAX_LABELS],
    len: usize,
    /// Which of them became [`OTHER`], as bits.
    folded: u8,
}

impl<'a> Texts<'a> {
    #[inline]
    pub(super) fn new(texts: &[&'a str]) -> Self {
        let mut all = [""; MAX_LABELS];
        all.iter_mut().zip(texts).for_each(|(to, from)| *to = from);
        Self { texts: all, len: texts.len().min(MAX_LABELS), folded: 0 }
    }

    #[inline]
    pub(super) fn get(&self) -> &[&'a str] {
        &self.texts[..self.len]
    }

    pub(super) fn get_mut(&mut self) -> &mut [&'a str] {
        &mut self.texts[..self.len]
    }

    pub(super) fn fold(&mut self, at: usize) {
        self.texts[at] = OTHER;
        self.folded |= 1 << at;
    }

    pub(super) fn is_folded(&self, at: usize) -> bool {
        self.folded & (1 << at) != 0
    }

    pub(super) fn any_folded(&self) -> bool {
        self.folded != 0
    }
}

/// What stands for a [`Key`] in a look-up.
pub(super) struct Lookup<'a>(pub(super) &'a [&'a str]);

impl Equivalent<Key> for Lookup<'_> {
    #[inline]
    fn equivalent(&self, key: &Key) -> bool {
        self.0.len() == key.0.len() && self.0.iter().zip(&key.0).all(|(a, b)| **a == **b)
    }
}

impl Hash for Lookup<'_> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.iter().for_each(|text| text.hash(state));
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.iter().for_each(|text| text.hash(state));
    }
}
