use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use obs_core::source::Source;

use super::{LAST, Totals};
use crate::exposition::Checked;

/// Shows every source. The names of the last families are free afterwards.
pub(super) fn walk(sources: &[Arc<dyn Source>], totals: &Totals, out: &mut impl Checked) {
    out.checks().reserve(&LAST);
    for source in sources {
        // A source is code of the application: what it does wrong costs its own numbers only.
        let shown = catch_unwind(AssertUnwindSafe(|| source.collect(out)));
        if let Err(panic) = shown {
            totals.panicked(out.abandon_family(), &*panic);
        }
        out.end_of_source();
    }
    out.checks().release_reserved(&LAST);
    totals.drop_more(out.checks().take_dropped());
}
