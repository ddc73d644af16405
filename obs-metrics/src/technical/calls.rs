use obs_core::{Call, CallKind};

use crate::built_in::{BuiltIn, Text};

impl BuiltIn {
    /// An outgoing call ended.
    pub(crate) fn finish(&self, call: &Call<'_>) {
        let Call { name, outcome, duration, .. } = *call;
        match call.kind {
            CallKind::Database => self.query_finished(Text(name), outcome, duration),
            _ => {
                let labels = (Text(name), outcome.as_str());
                self.external.duration.observe(labels, duration.as_secs_f64());
            }
        }
    }
}
