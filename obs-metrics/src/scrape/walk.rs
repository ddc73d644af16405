use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use obs_core::source::Source;

use super::{LAST, Totals};
use crate::Part;
use crate::exposition::Checked;

/// What a rendering shows.
pub(crate) struct Walk {
    pub(crate) part: Part,
    /// In this order.
    pub(crate) sources: Vec<Arc<dyn Source>>,
    /// What another endpoint shows: its names are taken here as well, and its series counted.
    pub(crate) elsewhere: Option<Arc<dyn Source>>,
    /// What a store kept out by itself, by family.
    pub(crate) overflowed: BTreeMap<String, u64>,
}

impl Walk {
    /// Shows every source. The names of the last families are free afterwards.
    pub(super) fn go(&self, totals: &Totals, out: &mut impl Checked) {
        out.checks().reserve(&LAST);
        if let Some(source) = &self.elsewhere {
            out.checks().elsewhere(&**source);
        }
        for source in &self.sources {
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
}
