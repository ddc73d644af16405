//! What few requests have, such as a route set by the application or an error. One flag tells whether anything
//! was written, so that other requests neither read it nor clear it for the next request.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::details::Details;
use crate::{RequestContext, TraceContext};

#[derive(Default)]
pub(super) struct Extras {
    written: AtomicBool,
    content: Content,
}

#[derive(Default)]
pub(super) struct Content {
    /// The request id for the headers of the request and the response, if it goes into both. Here, since
    /// contexts stay where they are: what a response future holds is moved with it.
    #[cfg(feature = "tower")]
    pub(super) id_value: Option<http::HeaderValue>,
    /// The request or job in which this one runs.
    pub(super) outer: OnceLock<RequestContext>,
    pub(super) route: OnceLock<Arc<str>>,
    /// What a router further in matched, which is observed as well.
    pub(super) inner_route: OnceLock<Arc<str>>,
    /// Where it stands in its trace, if no signal has placed it at its beginning.
    pub(super) trace: OnceLock<TraceContext>,
    pub(super) streaming: AtomicBool,
    pub(super) limit_counted: AtomicBool,
    pub(super) excluded: AtomicBool,
    pub(super) details: Details,
}

/// What was marked, at one time.
#[derive(Clone, Copy, Default)]
pub(crate) struct Marks {
    pub(crate) streaming: bool,
    pub(crate) excluded: bool,
}

impl Extras {
    /// For reading: `None` if nothing was ever written.
    #[inline]
    pub(super) fn get(&self) -> Option<&Content> {
        self.written.load(Ordering::Acquire).then_some(&self.content)
    }

    /// For writing.
    #[inline]
    pub(super) fn write(&self) -> &Content {
        self.written.store(true, Ordering::Release);
        &self.content
    }

    /// For writing while no clone of the context exists.
    #[cfg(feature = "tower")]
    #[inline]
    pub(super) fn get_mut(&mut self) -> &mut Content {
        *self.written.get_mut() = true;
        &mut self.content
    }

    /// Forgets everything; allocations that the next request can use stay.
    #[inline]
    pub(super) fn clear(&mut self) {
        if std::mem::take(self.written.get_mut()) {
            self.content.clear();
        }
    }
}

impl Content {
    pub(super) fn marks(&self) -> Marks {
        Marks {
            streaming: self.streaming.load(Ordering::Relaxed),
            excluded: self.excluded.load(Ordering::Relaxed),
        }
    }

    #[cold]
    fn clear(&mut self) {
        #[cfg(feature = "tower")]
        {
            self.id_value = None;
        }
        forget(&mut self.outer);
        forget(&mut self.route);
        forget(&mut self.inner_route);
        forget(&mut self.trace);
        *self.streaming.get_mut() = false;
        *self.limit_counted.get_mut() = false;
        *self.excluded.get_mut() = false;
        self.details.clear();
    }
}

/// Mostly there is nothing to take.
#[inline]
fn forget<T>(once: &mut OnceLock<T>) {
    if once.get().is_some() {
        once.take();
    }
}
