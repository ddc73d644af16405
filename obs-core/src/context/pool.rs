//! Contexts of finished requests, kept per thread for the next ones.

use std::cell::RefCell;
use std::sync::{Arc, Weak};

use super::calls::Calls;
use super::extras::Extras;
use super::{Home, Inner, RequestContext};
use crate::{Place, RequestId};

/// How many of them per thread. One whose request made many calls keeps the room for their breadcrumbs:
/// 2.5 KiB for 32.
const CAPACITY: usize = 64;

thread_local! {
    static POOL: RefCell<Vec<Arc<Inner>>> = const { RefCell::new(Vec::new()) };
}

/// `home` is asked only if the lifecycle is another one than the last time.
#[inline]
pub(super) fn take(
    id: RequestId,
    place: Option<Place>,
    lifecycle: usize,
    home: impl FnOnce() -> Weak<dyn Home>,
) -> RequestContext {
    let pooled = POOL.try_with(|pool| pool.borrow_mut().pop()).ok().flatten();
    if let Some(mut inner) = pooled
        && let Some(fields) = Arc::get_mut(&mut inner)
    {
        fields.id = id;
        if fields.lifecycle != lifecycle {
            fields.lifecycle = lifecycle;
            fields.home = home();
        }
        // Large, and `None` without the tracing signal.
        if place.is_some() || fields.place.is_some() {
            fields.place = place;
        }
        return RequestContext(inner);
    }
    RequestContext(Arc::new(Inner {
        id,
        lifecycle,
        home: home(),
        place,
        calls: Calls::default(),
        extras: Extras::default(),
    }))
}

#[inline]
pub(super) fn give(mut context: RequestContext) {
    let Some(fields) = Arc::get_mut(&mut context.0) else {
        return;
    };
    // The other fields are written for the next request.
    fields.calls.clear();
    fields.extras.clear();
    let _ = POOL.try_with(|pool| {
        let mut pool = pool.borrow_mut();
        if pool.len() < CAPACITY {
            pool.push(context.0);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CallKind;
    use std::time::Duration;

    #[test]
    fn a_pooled_context_remembers_nothing() {
        let mut first = RequestContext::new(RequestId::generate(Duration::ZERO), 1);
        first.set_route("/a");
        first.mark_streaming();
        first.mark_limit_counted();
        first.count_call(CallKind::Database);
        assert_eq!(first.calls(CallKind::Database), 1);
        #[cfg(feature = "tower")]
        first.set_id_value(http::HeaderValue::from_static("a"));
        let address = Arc::as_ptr(&first.0);
        first.recycle();
        let second = RequestContext::new(RequestId::accept(b"b").unwrap(), 2);
        assert_eq!(Arc::as_ptr(&second.0), address, "the allocation is used again");
        assert!(second.route().is_none() && !second.marks().streaming);
        assert!(!second.is_limit_counted() && second.calls(CallKind::Database) == 0);
        #[cfg(feature = "tower")]
        assert!(second.id_value().is_none(), "the id of another request");
        assert!(second.belongs_to(2) && second.request_id().to_string() == "b");
    }

    #[test]
    fn a_context_that_is_still_held_is_not_reused() {
        let first = RequestContext::new(RequestId::accept(b"held").unwrap(), 1);
        let held = first.clone();
        first.recycle();
        let second = RequestContext::new(RequestId::accept(b"next").unwrap(), 1);
        assert_eq!(held.request_id().to_string(), "held");
        assert_eq!(second.request_id().to_string(), "next");
    }
}
