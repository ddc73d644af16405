//! Families of what a service works with: databases, caches, queues, other services, jobs, limits.

#[macro_use]
mod caches;
mod calls;
#[macro_use]
mod database;
mod external;
mod jobs;
#[macro_use]
mod queues;
#[macro_use]
mod rate_limits;
mod refreshes;

pub(crate) use self::caches::Caches;
pub(crate) use self::calls::{Resolved, Sites};
pub(crate) use self::database::Database;
pub(crate) use self::external::External;
pub(crate) use self::jobs::Jobs;
pub(crate) use self::queues::Queues;
pub(crate) use self::rate_limits::RateLimits;
pub(crate) use self::refreshes::Refreshes;

use crate::naming::CanonicalLabel;

/// Upper bounds in seconds: of queries, of requests to others, of jobs.
const CALLS: [f64; 10] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0];
const OUTCOME: CanonicalLabel =
    CanonicalLabel::open("outcome").limit(3).known(&["success", "error", "cancelled"]);

pub use self::database::time_query;

/// What the macros call.
pub(crate) mod events {
    pub use super::caches::{cache_hit, cache_hit_of, cache_miss, cache_miss_of, cache_operation};
    pub use super::database::{db_error, db_error_of, query_timer};
    pub use super::queues::{queue_depth, queue_oldest_age};
    pub use super::rate_limits::rate_limit_hit;
}
