//! One walk over all sources, for a scrape or for an export, and what it cost.

mod flight;
mod totals;
mod walk;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use obs_core::source::{Collector, Source};

pub(crate) use self::flight::{Flights, stream};
pub(crate) use self::totals::{LAST, Totals};
use self::walk::walk;
use crate::Representation;
use crate::exposition::{BoundStyle, Checked as _, Encoder, Passage};

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
    walk(sources, totals, &mut encoder);
    let shown = encoder.checks().take_shown();
    totals.show(shown, overflowed, &mut encoder);
    encoder.finish();
    totals.end(begin.elapsed(), bytes);
}

/// Shows the same to `out`, but the number of series.
pub(crate) fn export(
    sources: &[Arc<dyn Source>],
    totals: &Totals,
    overflowed: BTreeMap<String, u64>,
    out: &mut dyn Collector,
) {
    let mut passage = Passage::new(out);
    walk(sources, totals, &mut passage);
    totals.collect(overflowed, &mut passage);
}
