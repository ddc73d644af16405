//! One walk over all sources for a scrape, and what it cost.

mod flight;
mod totals;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use obs_core::source::Source;

pub(crate) use self::flight::{Flights, stream};
pub(crate) use self::totals::{LAST, Totals};
use crate::Representation;
use crate::exposition::{BoundStyle, Encoder};

/// Shows every source, and then what scrapes are like, to `emit` in chunks.
///
/// `overflowed` is what a store kept out by itself, by family.
pub(crate) fn scrape(
    sources: &[Arc<dyn Source>],
    totals: &Totals,
    overflowed: BTreeMap<String, u64>,
    representation: Representation,
    bounds: BoundStyle,
    emit: &mut dyn FnMut(Bytes),
) {
    let begin = Instant::now();
    let mut bytes = 0;
    let mut counted = |chunk: Bytes| {
        bytes += chunk.len() as u64;
        emit(chunk);
    };
    totals.begin(representation);
    let mut encoder = Encoder::new(representation, bounds, &mut counted);
    LAST.iter().for_each(|family| encoder.reserve(family));
    for source in sources {
        // A source is code of the application: what it does wrong costs its own numbers only.
        let shown = catch_unwind(AssertUnwindSafe(|| source.collect(&mut encoder)));
        if let Err(panic) = shown {
            totals.panicked(encoder.abandon_family(), &*panic);
        }
        encoder.end_of_source();
    }
    encoder.release_reserved(&LAST);
    totals.show(&mut encoder, overflowed);
    encoder.finish();
    totals.end(begin.elapsed(), bytes);
}
