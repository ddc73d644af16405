//! What the application of every subject is made of. `docs/adapters.md` lists its routes.

use std::io;
use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use obs_core::RequestContext;
use tokio::sync::Barrier;

/// How long `/slow` takes: longer than a client needs to leave.
pub const SLOW: Duration = Duration::from_secs(2);
/// What the timeout in front of `/times-out` allows.
pub const TIMEOUT: Duration = Duration::from_millis(50);
/// How long a stream that stalls waits before every chunk but the first.
const BEAT: Duration = Duration::from_millis(100);
/// The length of `/large`.
pub const LARGE: usize = 8 << 20;

/// What `/stream/ends-early` declares as the length of its body: twice what it has.
pub const DECLARED: u64 = 12;
/// The request id that `/own-id` answers with.
pub const OWN_ID: &str = "the-handlers";

/// How many requests `/together/{n}` lets pass at once.
static TOGETHER: LazyLock<Barrier> = LazyLock::new(|| Barrier::new(200));

/// What `/fails` returns.
#[derive(Debug, thiserror::Error)]
#[error("cannot place the order")]
pub struct OrderError(#[from] NoStock);

/// Its cause, and what the middleware in front of `/behind-middleware` returns, as 503.
#[derive(Debug, thiserror::Error)]
#[error("no stock")]
pub struct NoStock;

/// What the middleware in front of `/times-out` returns, as 504.
#[derive(Debug, thiserror::Error)]
#[error("timed out")]
pub struct TimedOut;

/// Says that what holds it is dropped, unless it was told that this is as it should be.
#[derive(Debug)]
pub struct Dropped(Option<&'static str>);

impl Dropped {
    /// Says `message`.
    #[must_use]
    pub fn says(message: &'static str) -> Self {
        Self(Some(message))
    }

    /// The end is as it should be.
    pub fn is_expected(mut self) {
        self.0 = None;
    }
}

impl Drop for Dropped {
    fn drop(&mut self) {
        if let Some(message) = self.0 {
            tracing::info!("{message}");
        }
    }
}

/// The handler of `/slow`, and with [`TIMEOUT`] in front of it of `/times-out`.
pub async fn slow() -> &'static str {
    let dropped = Dropped::says("the handler is dropped");
    tokio::time::sleep(SLOW).await;
    dropped.is_expected();
    "slow"
}

/// The handler of `/cart`.
#[tracing::instrument]
pub async fn cart() -> &'static str {
    if let Some(context) = RequestContext::current() {
        context.add("cart.items", 3);
    }
    tokio::task::yield_now().await;
    tracing::info!("in the cart");
    "a cart"
}

/// The handler of `/spawns`.
pub async fn spawns() -> &'static str {
    let task = obs_core::spawn(async { tracing::info!("in the task") });
    if task.await.is_ok() { "spawned" } else { "lost" }
}

/// The handler of `/task-panics`.
pub async fn task_panics() -> &'static str {
    let task = obs_core::spawn(async { out_of::<()>("staples") });
    if task.await.is_ok() { "spawned" } else { "lost" }
}

/// The handler of `/detaches`.
pub async fn detaches() -> &'static str {
    let task = tokio::spawn(async { tracing::info!("outside of any request") });
    let done = task.await.is_ok();
    tracing::info!("after the task");
    if done { "detached" } else { "lost" }
}

/// The handler of `/together/{n}`: nobody passes before all are there.
pub async fn together(n: &str) -> String {
    tracing::info!("before the others {n}");
    TOGETHER.wait().await;
    tracing::info!("after the others {n}");
    format!("together {n}")
}

/// The second half of [`together`], for calls that log otherwise.
pub async fn after_the_others(n: &str) {
    TOGETHER.wait().await;
    tracing::info!("after the others {n}");
}

/// The body of `/stream/{how}`: chunks, and then what the route is called.
pub fn chunks(how: &str) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    let count = if how == "ends" { 3 } else { 1 };
    let chunks = stream::iter(0..count).map(|_| {
        tracing::info!("a chunk");
        Ok(Bytes::from_static(b"chunk,"))
    });
    chunks.chain(match how {
        "fails" => stream::iter([Err(io::Error::other("out of ink"))]).boxed(),
        "panics" => stream::poll_fn(|_| out_of("ink")).boxed(),
        "stalls" => stalls().boxed(),
        _ => stream::empty().boxed(),
    })
}

/// Goes on for ever, slowly: a server that does not look at an idle client meets it at a next chunk.
fn stalls() -> impl Stream<Item = io::Result<Bytes>> {
    let dropped = Dropped::says("the stream is dropped");
    beats(b"beat,").inspect(move |_| {
        let _held = &dropped;
    })
}

fn beats(beat: &'static [u8]) -> impl Stream<Item = io::Result<Bytes>> {
    stream::repeat(Bytes::from_static(beat)).then(async |beat| {
        tokio::time::sleep(BEAT).await;
        Ok(beat)
    })
}

/// The body of `/events/{how}`, of type `text/event-stream`.
pub fn events(how: &str) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    let one = stream::iter([Ok(Bytes::from_static(b"data: one\n\n"))]);
    one.chain(match how {
        "stall" => beats(b": beat\n\n").boxed(),
        _ => stream::empty().boxed(),
    })
}

/// What `/panics`, `/caught`, `/task-panics` and `/stream/panics` do.
///
/// # Panics
/// Always.
#[allow(clippy::panic, reason = "this is what is tried")]
#[must_use]
pub fn out_of<T>(what: &str) -> T {
    panic!("out of {what}")
}
