//! Gauges that are looked up on a schedule.

use std::fmt::Display;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use obs_core::notice;
use obs_core::redact::{Written, bounded};
use tokio::runtime::Handle;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::Obs;

/// What a run may take at most, however long the interval is.
const LONGEST: Duration = Duration::from_secs(30);
/// How many bytes of an error are shown.
const MAX_ERROR: usize = 2048;
const SHORTEST_INTERVAL: Duration = Duration::from_millis(1);

impl Obs {
    /// Runs `refresh` now and then every `interval`, to set gauges whose values have to be queried:
    /// stock, users, the age of a queue. It runs in the service itself until its shutdown begins, on
    /// the current tokio runtime; without one it says so and does nothing.
    ///
    /// A run may take `interval`, at most 30 s; the next one waits for it. One that fails, panics or
    /// takes too long counts in `refresh_errors_total{refresh="NAME"}`, and is logged once until a run
    /// succeeds; `refresh_last_success_timestamp_seconds` says when one last did. An `interval` below
    /// 1 ms is 1 ms.
    ///
    /// ```
    /// use std::time::Duration;
    /// use obs_metrics::active_users;
    /// use obs_stack::{Settings, Setup};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # async fn count_users() -> Result<u64, std::io::Error> { Ok(3) }
    /// # let obs = Setup::new(Settings::default()).build();
    /// obs.every(Duration::from_secs(60), "users", || async {
    ///     active_users!("all", "24h", count_users().await?);
    ///     Ok::<(), std::io::Error>(())
    /// });
    /// # }
    /// ```
    pub fn every<F, E>(
        &self,
        interval: Duration,
        name: &'static str,
        refresh: impl FnMut() -> F + Send + 'static,
    ) where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Display,
    {
        let Ok(runtime) = Handle::try_current() else {
            return notice::warn(&format!(
                "{name} is not refreshed: there is no tokio runtime here"
            ));
        };
        let interval = interval.max(SHORTEST_INTERVAL);
        notice::info(&format!("{name} is refreshed every {interval:?}"));
        let obs = self.clone();
        runtime.spawn(async move {
            tokio::select! {
                () = obs.shutdown().begun() => {}
                () = obs.refresh(interval, name, refresh) => {}
            }
        });
    }

    async fn refresh<F, E>(
        &self,
        each: Duration,
        name: &'static str,
        mut refresh: impl FnMut() -> F,
    ) where
        F: Future<Output = Result<(), E>>,
        E: Display,
    {
        let mut ticks = interval(each);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut state = State::New;
        loop {
            ticks.tick().await;
            let run = async { refresh().await.map_err(|error| message(&error)) };
            let result = match timeout(each.min(LONGEST), caught(run)).await {
                Ok(Some(result)) => result,
                Ok(None) => Err("it panicked".to_owned()),
                Err(_) => Err(format!("it took more than {:?}", each.min(LONGEST))),
            };
            self.metrics().refreshed(name, result.is_ok());
            state = state.after(name, result);
        }
    }
}

/// What was said of the runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Fine,
    Failing,
}

impl State {
    /// Tells what is new.
    fn after(self, name: &str, result: Result<(), String>) -> Self {
        match (self, result) {
            (Self::Fine, Ok(())) => Self::Fine,
            (Self::New | Self::Failing, Ok(())) => {
                notice::info(&format!("{name} was refreshed"));
                Self::Fine
            }
            (Self::Failing, Err(_)) => Self::Failing,
            (Self::New | Self::Fine, Err(error)) => {
                notice::warn(&format!("{name} is not refreshed: {error}"));
                Self::Failing
            }
        }
    }
}

/// What an error says, without secrets and short.
fn message(error: &impl Display) -> String {
    let mut written = Written::new(MAX_ERROR);
    bounded(written.take(format_args!("{error}")), MAX_ERROR).into_owned()
}

/// `None` if it panics.
async fn caught<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    poll_fn(|context| {
        let poll = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        poll.map_or(Poll::Ready(None), |poll| poll.map(Some))
    })
    .await
}
