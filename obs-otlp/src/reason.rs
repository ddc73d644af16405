/// Why something was lost: the label `reason` of `obs_export_dropped_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It did not fit into the queue.
    QueueFull,
    /// The backend answered, but did not take it.
    Rejected,
    /// There was no connection, or it broke.
    Unreachable,
    /// There was no answer in time.
    Timeout,
    /// It came after the shutdown, or was not delivered by its deadline.
    Shutdown,
}

impl Reason {
    pub(crate) const ALL: [Self; 5] =
        [Self::QueueFull, Self::Rejected, Self::Unreachable, Self::Timeout, Self::Shutdown];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::Rejected => "rejected",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Shutdown => "shutdown",
        }
    }
}
