//! Boxes of finished exchanges, kept per thread for the next ones.
//!
//! A response future is moved several times on its way into the server; what an exchange remembers
//! is not: it stays in its box, which costs no allocation once a thread has served a few requests.

use std::any::Any;
use std::cell::RefCell;

/// Boxes per thread at most.
const CAPACITY: usize = 64;

thread_local! {
    static BOXES: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// A box that holds `value`.
#[inline]
pub(crate) fn fill<T: 'static>(value: T) -> Box<Option<T>> {
    let boxed = BOXES.try_with(|boxes| boxes.borrow_mut().pop()).ok().flatten();
    // Another type: two stacks, or two frameworks, take turns on this thread.
    match boxed.map(|boxed| boxed.downcast::<Option<T>>()) {
        Some(Ok(mut boxed)) => {
            *boxed = Some(value);
            boxed
        }
        _ => Box::new(Some(value)),
    }
}

/// Drops what is in the box, and keeps the box.
#[inline]
pub(crate) fn empty<T: 'static>(mut boxed: Box<Option<T>>) {
    *boxed = None;
    let _ = BOXES.try_with(|boxes| {
        let mut boxes = boxes.borrow_mut();
        if boxes.len() < CAPACITY {
            boxes.push(boxed);
        }
    });
}
