use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::{CallKind, CallObserver, CallStart};
use crate::redact;

/// Longest system, operation and target of a [`CallSite`], in bytes; longer texts are cut.
pub const MAX_CALL_TEXT: usize = 128;

/// How many call sites get a number, per process. Calls of further ones are observed all the same;
/// signals then look their names up at each call.
pub const MAX_CALL_SITES: usize = 1024;

/// A place in the program that calls out: what is called, with bounded names.
///
/// A `static` call site is resolved once: the labels of its histogram are then found without a hash
/// or an allocation.
///
/// ```
/// use obs_core::{CallSite, observe_call};
///
/// static FIND: CallSite = CallSite::database("postgresql", "SELECT", "orders");
///
/// # async fn select() -> Result<u32, std::io::Error> { Ok(7) }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let rows = observe_call(&FIND, select()).await?;
/// # assert_eq!(rows, 7);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
#[derive(Debug)]
pub struct CallSite {
    kind: CallKind,
    system: Cow<'static, str>,
    operation: Cow<'static, str>,
    target: Cow<'static, str>,
    /// [`UNNUMBERED`], a number from 1, or [`NEVER`].
    number: AtomicU32,
}

const UNNUMBERED: u32 = 0;
const NEVER: u32 = u32::MAX;

impl CallSite {
    /// A call site of any kind. Names must be few: they become labels. Never a statement, a URL, a
    /// key or an id. Texts longer than [`MAX_CALL_TEXT`] are cut.
    #[must_use]
    pub const fn new(
        kind: CallKind,
        system: &'static str,
        operation: &'static str,
        target: &'static str,
    ) -> Self {
        Self {
            kind,
            system: Cow::Borrowed(bounded(system)),
            operation: Cow::Borrowed(bounded(operation)),
            target: Cow::Borrowed(bounded(target)),
            number: AtomicU32::new(UNNUMBERED),
        }
    }

    /// A query: `CallSite::database("postgresql", "SELECT", "orders")`. The system is one of
    /// [`db.system.name`](https://opentelemetry.io/docs/specs/semconv/registry/attributes/db/).
    #[must_use]
    pub const fn database(
        system: &'static str,
        operation: &'static str,
        collection: &'static str,
    ) -> Self {
        Self::new(CallKind::Database, system, operation, collection)
    }

    /// A command to a cache: `CallSite::cache("redis", "GET", "sessions")`.
    #[must_use]
    pub const fn cache(system: &'static str, operation: &'static str, cache: &'static str) -> Self {
        Self::new(CallKind::Cache, system, operation, cache)
    }

    /// A request to another service: `CallSite::http("POST", "payment-gateway")`. The target is the
    /// service's name or host.
    #[must_use]
    pub const fn http(method: &'static str, target: &'static str) -> Self {
        Self::new(CallKind::Http, "http", method, target)
    }

    /// A message sent: `CallSite::messaging("kafka", "send", "orders")`. The system is one of
    /// [`messaging.system`](https://opentelemetry.io/docs/specs/semconv/registry/attributes/messaging/).
    #[must_use]
    pub const fn messaging(
        system: &'static str,
        operation: &'static str,
        destination: &'static str,
    ) -> Self {
        Self::new(CallKind::Messaging, system, operation, destination)
    }

    /// A call site whose names are known only at run time, for drivers. Keep it and use it again
    /// where you can: names are [redacted](crate::redact) and cut here, and signals look them up at
    /// each call.
    #[must_use]
    pub fn dynamic(kind: CallKind, system: &str, operation: &str, target: &str) -> Arc<Self> {
        let text = |text: &str| Cow::Owned(redact::bounded(text, MAX_CALL_TEXT).into_owned());
        Arc::new(Self {
            kind,
            system: text(system),
            operation: text(operation),
            target: text(target),
            number: AtomicU32::new(NEVER),
        })
    }

    /// What it calls.
    #[inline]
    #[must_use]
    pub const fn kind(&self) -> CallKind {
        self.kind
    }

    /// The product: `postgresql`, `redis`, `kafka`; `http` of an HTTP request. May be empty.
    #[must_use]
    pub fn system(&self) -> &str {
        &self.system
    }

    /// The operation: `SELECT`, `GET`, `send`. May be empty.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The table, cache, service or topic. May be empty.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The operation and the target: `SELECT orders`. What of them is empty is left out; if both are,
    /// the system.
    #[must_use]
    pub fn summary(&self) -> String {
        match (self.operation(), self.target()) {
            ("", "") => self.system().to_owned(),
            ("", one) | (one, "") => one.to_owned(),
            (operation, target) => [operation, target].join(" "),
        }
    }

    /// A number below [`MAX_CALL_SITES`] that no other call site of the process has; a `static` one
    /// gets it at its first call. `None` of a dynamic one, and if there are too many.
    #[inline]
    #[must_use]
    pub fn number(&self) -> Option<usize> {
        match self.number.load(Ordering::Relaxed) {
            UNNUMBERED => self.assign(),
            NEVER => None,
            number => Some(number as usize - 1),
        }
    }

    #[cold]
    fn assign(&self) -> Option<usize> {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let next = |last: u32| ((last as usize) < MAX_CALL_SITES).then_some(last + 1);
        let number = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        let number = number.map_or(NEVER, |last| last + 1);
        // Two threads that race use up two numbers; both then see the same one.
        match self.number.compare_exchange(UNNUMBERED, number, Ordering::Relaxed, Ordering::Relaxed)
        {
            Ok(_) | Err(UNNUMBERED) => (number != NEVER).then(|| number as usize - 1),
            Err(NEVER) => None,
            Err(number) => Some(number as usize - 1),
        }
    }

    /// Names the handle that observes a call outside of requests, in place of the installed one.
    ///
    /// ```
    /// # use obs_core::{CallObserver, CallSite, Lifecycle, observe_call};
    /// static PING: CallSite = CallSite::database("postgresql", "PING", "");
    ///
    /// # let obs: std::sync::Arc<dyn CallObserver> = std::sync::Arc::new(Lifecycle::new(()));
    /// let ping = observe_call(PING.with(obs), async { Ok::<_, std::io::Error>(()) });
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(ping).unwrap();
    /// ```
    #[must_use]
    pub fn with(&'static self, handle: impl Into<Arc<dyn CallObserver>>) -> CallStart {
        CallStart::from(self).with(handle)
    }

    /// A call that was measured by hand: when it began, and how long it took.
    ///
    /// ```
    /// # use std::time::{Duration, Instant};
    /// # use obs_core::{Call, CallSite};
    /// static EXPORT: CallSite = CallSite::database("duckdb", "COPY", "orders");
    ///
    /// let began = Instant::now();
    /// // A driver that reports its own times.
    /// Call::begin(EXPORT.measured(began, Duration::from_millis(17))).succeed();
    /// ```
    #[must_use]
    pub fn measured(&'static self, began: Instant, duration: Duration) -> CallStart {
        CallStart::from(self).measured(began, duration)
    }
}

const fn bounded(text: &'static str) -> &'static str {
    if text.len() <= MAX_CALL_TEXT {
        return text;
    }
    let mut end = MAX_CALL_TEXT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.split_at(end).0
}

/// How a call holds its site.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    Static(&'static CallSite),
    Shared(Arc<CallSite>),
}

impl Deref for Held {
    type Target = CallSite;

    #[inline]
    fn deref(&self) -> &CallSite {
        match self {
            Self::Static(site) => site,
            Self::Shared(site) => site,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_static_site_keeps_its_number_and_a_dynamic_one_has_none() {
        static ONE: CallSite = CallSite::database("postgresql", "SELECT", "orders");
        static TWO: CallSite = CallSite::http("POST", "gateway");
        let (one, two) = (ONE.number(), TWO.number());
        assert!(one.is_some() && two.is_some() && one != two);
        assert_eq!((ONE.number(), TWO.number()), (one, two));
        let dynamic = CallSite::dynamic(CallKind::Cache, "redis", "GET", "sessions");
        assert_eq!(dynamic.number(), None);
    }

    #[test]
    fn texts_are_bounded_and_those_of_drivers_redacted() {
        static LONG: CallSite = CallSite::new(
            CallKind::Other,
            "",
            "",
            "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää",
        );
        assert!(LONG.target().len() <= MAX_CALL_TEXT && LONG.target().starts_with("ää"));
        let long = "é".repeat(1000);
        let dynamic = CallSite::dynamic(CallKind::Http, &long, "GET", "https://a:hunter2@b/");
        assert!(dynamic.system().len() <= MAX_CALL_TEXT);
        assert!(!dynamic.target().contains("hunter2"), "{}", dynamic.target());
    }

    #[test]
    fn a_summary_leaves_out_what_is_empty() {
        for (operation, target, summary) in [
            ("SELECT", "orders", "SELECT orders"),
            ("SELECT", "", "SELECT"),
            ("", "orders", "orders"),
            ("", "", "postgresql"),
        ] {
            let site = CallSite::dynamic(CallKind::Database, "postgresql", operation, target);
            assert_eq!(site.summary(), summary);
        }
    }
}
