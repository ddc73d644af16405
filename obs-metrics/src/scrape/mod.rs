//! One walk over all sources, for a scrape or for an export, and what it cost.

mod flight;
mod totals;
mod walk;

use bytes::Bytes;
use obs_core::Clock;
use obs_core::source::Collector;

pub(crate) use self::flight::{Flights, stream};
pub(crate) use self::totals::{LAST, Totals};
pub(crate) use self::walk::Walk;
use crate::exposition::{BoundStyle, Checked as _, Encoder, Passage};
use crate::{Part, Representation};

/// Shows every source, and then what scrapes are like, to `emit` in chunks.
pub(crate) fn scrape(
    walk: Walk,
    (totals, clock): (&Totals, &Clock),
    representation: Representation,
    bounds: BoundStyle,
    emit: &mut dyn FnMut(Bytes),
) {
    let begin = clock.now();
    let mut bytes = 0;
    let mut counted = |chunk: Bytes| {
        bytes += chunk.len() as u64;
        emit(chunk);
    };
    totals.begin(representation);
    let mut encoder = Encoder::new(representation, bounds, &mut counted);
    walk.go(totals, &mut encoder);
    if walk.part.shows(Part::Rest) {
        let shown = encoder.checks().take_shown();
        totals.show(shown, walk.overflowed, &mut encoder);
    }
    encoder.finish();
    totals.end(clock.now().saturating_duration_since(begin), bytes);
}

/// Shows the same to `out`, but the number of series.
pub(crate) fn export(walk: Walk, totals: &Totals, out: &mut dyn Collector) {
    let mut passage = Passage::new(out);
    walk.go(totals, &mut passage);
    totals.collect(walk.overflowed, &mut passage);
}
