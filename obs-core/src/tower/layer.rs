use std::marker::PhantomData;
use std::sync::Arc;

use tower_layer::Layer;

use super::Observe;
use crate::{Lifecycle, Observer};

/// Applies [`Observe`]. `F` says what is kept of a request: see [`RequestFacts`](super::RequestFacts).
pub struct ObserveLayer<O, F> {
    lifecycle: Arc<Lifecycle<O>>,
    facts: PhantomData<fn() -> F>,
}

impl<O: Observer, F> ObserveLayer<O, F> {
    /// A layer that reports to the observer of `lifecycle`.
    #[must_use]
    pub fn new(lifecycle: Arc<Lifecycle<O>>) -> Self {
        Self { lifecycle, facts: PhantomData }
    }
}

impl<S, O: Observer, F> Layer<S> for ObserveLayer<O, F> {
    type Service = Observe<S, O, F>;

    fn layer(&self, inner: S) -> Self::Service {
        Observe::new(inner, Arc::clone(&self.lifecycle))
    }
}

impl<O, F> Clone for ObserveLayer<O, F> {
    fn clone(&self) -> Self {
        Self { lifecycle: Arc::clone(&self.lifecycle), facts: PhantomData }
    }
}

impl<O, F> std::fmt::Debug for ObserveLayer<O, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ObserveLayer").field(&self.lifecycle).finish()
    }
}
