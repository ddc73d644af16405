use std::time::Instant;

use obs_core::export::{Envelope, SpanRecord};

/// What a queue holds.
pub(crate) trait Item: Send + 'static {
    /// How many things it counts as.
    fn count(&self) -> u64;
    /// About how much memory it holds, in bytes.
    fn bytes(&self) -> usize;
    /// When it is no longer worth an attempt.
    fn deadline(&self) -> Option<Instant> {
        None
    }
}

/// The spans of one exchange.
impl Item for Vec<SpanRecord> {
    fn count(&self) -> u64 {
        self.len() as u64
    }

    fn bytes(&self) -> usize {
        let unused = self.capacity() - self.len();
        let spans: usize = self.iter().map(SpanRecord::size).sum();
        size_of::<Self>() + spans + unused * size_of::<SpanRecord>()
    }
}

impl Item for Envelope {
    fn count(&self) -> u64 {
        1
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.body.capacity()
    }
}
