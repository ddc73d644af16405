//! What a request costs with and without obs-*, over the same axum router.
//!
//! `cargo xtask overhead` runs every [`Row`] once under callgrind and once under a counting
//! allocator, and compares the counts with `budgets.toml`.
//!
//! ```
//! use obs_benches::{Bench, Row};
//!
//! let mut bench = Bench::new(Row::Red);
//! bench.requests(3);
//! assert_eq!(bench.produced(), "3 requests in 1 series");
//! ```

mod app;
mod row;

pub use self::row::Row;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use obs_axum::Obs;
use obs_metrics::Format;
use tokio::runtime::{Builder, Runtime};
use tower_service::Service as _;

/// One row, ready to take requests.
pub struct Bench {
    runtime: Runtime,
    service: Target,
    obs: Option<Obs>,
    buffer: Bytes,
}

/// The service as `axum::serve` calls it; an enum, so that no row pays for another's type.
enum Target {
    Router(axum::Router),
    Observed(obs_axum::Observed),
}

impl Bench {
    /// Builds the service of a row.
    ///
    /// # Panics
    /// If the runtime cannot be built.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn new(row: Row) -> Self {
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let (service, obs) = row.build();
        Self { runtime, service, obs, buffer: app::read_buffer() }
    }

    /// Sends so many requests, one after the other, each to the end of its body.
    #[inline(never)]
    pub fn requests(&mut self, count: u32) {
        let Self { runtime, service, buffer, .. } = self;
        runtime.block_on(async {
            for _ in 0..count {
                let request = app::request(buffer);
                let response = match service {
                    Target::Router(router) => router.call(request).await,
                    Target::Observed(observed) => observed.call(request).await,
                };
                let Ok(response) = response;
                let _ = response.into_body().collect().await;
            }
        });
    }

    /// What the row has produced: a row that observed nothing has no costs to speak of.
    #[must_use]
    pub fn produced(&self) -> String {
        let Some(obs) = &self.obs else {
            return "nothing, as meant".to_owned();
        };
        let text = obs.metrics().render(Format::Text);
        let counts: Vec<u64> = text
            .lines()
            .filter(|line| line.starts_with("http_requests_total{"))
            .filter_map(|line| line.rsplit(' ').next()?.parse().ok())
            .collect();
        format!("{} requests in {} series", counts.iter().sum::<u64>(), counts.len())
    }
}
