/// What a call goes to. It decides the metric families and the attributes of the client span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallKind {
    /// A database. Operation: `SELECT`; target: the table or collection.
    Database,
    /// A cache or key-value store. Operation: `GET`; target: the name of the cache.
    Cache,
    /// An HTTP request to another service. Operation: the method; target: the service or its host.
    Http,
    /// A message sent to a broker. Operation: `send`; target: the topic or queue.
    Messaging,
    /// Anything else that leaves the process.
    Other,
}

impl CallKind {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::Database, Self::Cache, Self::Http, Self::Messaging, Self::Other];

    /// The name on log lines and in error events: `database`, `cache`, `http`, `messaging`, `other`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Cache => "cache",
            Self::Http => "http",
            Self::Messaging => "messaging",
            Self::Other => "other",
        }
    }
}

impl CallKind {
    /// The field of an access line with the number of calls of this kind, such as `database_calls`.
    #[must_use]
    pub const fn count_name(self) -> &'static str {
        match self {
            Self::Database => "database_calls",
            Self::Cache => "cache_calls",
            Self::Http => "http_calls",
            Self::Messaging => "messaging_calls",
            Self::Other => "other_calls",
        }
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallOutcome {
    /// It succeeded.
    Success,
    /// It failed.
    Error,
    /// The caller stopped waiting.
    Cancelled,
}

impl CallOutcome {
    /// The name used in labels: `success`, `error`, `cancelled`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Cancelled => "cancelled",
        }
    }
}
