use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;
pub(crate) type Probe = dyn Fn() -> Pin<Box<dyn Future<Output = Outcome> + Send>> + Send + Sync;

/// One dependency to look at: a name and how to find out whether it works.
///
/// ```
/// use std::time::Duration;
/// use obs_health::Check;
///
/// # async fn ping() -> std::io::Result<()> { Ok(()) }
/// let database = Check::new("database", || async { ping().await });
/// let mail = Check::new("mail", ping).optional().with_timeout(Duration::from_millis(200));
/// ```
pub struct Check {
    pub(crate) name: String,
    pub(crate) critical: bool,
    pub(crate) timeout: Option<Duration>,
    pub(crate) probe: Arc<Probe>,
}

impl Check {
    /// A critical check: while it fails, the service is unhealthy and not ready.
    ///
    /// `probe` is called for every run, in a task of its own; an error, a panic or no result in
    /// time is a failure. Its future is dropped at the timeout, so it has to await, not block. Use
    /// a connection outside the application's pool where possible: a busy pool is no outage.
    ///
    /// The name is shown in answers and is the value of the metrics' `check` label.
    pub fn new<P, F, E>(name: impl Into<String>, probe: P) -> Self
    where
        P: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self {
            name: name.into(),
            critical: true,
            timeout: None,
            probe: Arc::new(move || {
                let probing = probe();
                Box::pin(async move { probing.await.map_err(Into::into) })
            }),
        }
    }

    /// Makes the check non-critical: while it fails, the service is `degraded` but ready.
    ///
    /// For what the service can do without, such as another company's API.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.critical = false;
        self
    }

    /// How long a run may take, at least 1 ms. The default is
    /// [`HealthSettings::check_timeout`](crate::HealthSettings::check_timeout).
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check")
            .field("name", &self.name)
            .field("critical", &self.critical)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
