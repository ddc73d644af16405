use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use obs_core::source::Collector;
use obs_core::spans::current_context;
use obs_core::{Clock, Finished, FinishedCall, ServiceIdentity, Source};
use tracing_core::{Event, Level};

use crate::line::{Console, Form, Json};
use crate::log_crate::{self, LoggerTaken};
use crate::writer::{Writer, stdout};
use crate::{AccessLog, Format, Levels, LogFilter, LogLayer, LoggingSettings};

/// The log: lines of the application and of finished requests, written by a thread of its own.
///
/// Cheap to clone; clones, layers and access logs share the writer. The thread ends when all of them
/// are gone and what they left is written.
#[derive(Clone)]
pub struct Logging(Arc<Shared>);

struct Shared {
    levels: Arc<Levels>,
    access: bool,
    log_crate: bool,
    slow_call: Duration,
    clock: Clock,
    form: Form,
    writer: Writer,
}

impl Logging {
    /// A log that writes to standard output.
    #[must_use]
    pub fn new(settings: LoggingSettings, service: &ServiceIdentity, clock: Clock) -> Self {
        let terminal = io::stdout().is_terminal();
        Self::build(settings, service, clock, stdout(), terminal)
    }

    /// A log that writes to anything else: a file, a buffer in a test. It is no terminal.
    ///
    /// A write takes many lines at once. Errors of the output are counted, the lines are lost, and
    /// the next ones are tried again. An output that blocks holds up the writer's thread only.
    #[must_use]
    pub fn with_output(
        settings: LoggingSettings,
        service: &ServiceIdentity,
        clock: Clock,
        output: Box<dyn io::Write + Send>,
    ) -> Self {
        Self::build(settings, service, clock, output, false)
    }

    fn build(
        settings: LoggingSettings,
        service: &ServiceIdentity,
        clock: Clock,
        output: Box<dyn io::Write + Send>,
        terminal: bool,
    ) -> Self {
        let bytes = settings.buffer();
        let form = match settings.format {
            Format::Auto if !terminal => Form::Json(Json::new(service, bytes)),
            Format::Json => Form::Json(Json::new(service, bytes)),
            Format::Auto | Format::Console => {
                Form::Console(Console::new(terminal && settings.color, bytes))
            }
        };
        let writer = Writer::start(output, bytes, {
            let (form, clock) = (form.clone(), clock.clone());
            Box::new(move |count| form.gap(clock.unix(clock.now()), count))
        });
        let (levels, access) = (Arc::new(settings.levels), settings.access_log);
        let (log_crate, slow_call) = (settings.log_crate, settings.slow_call);
        let shared = Shared { levels, access, log_crate, slow_call, clock, form, writer };
        Self(Arc::new(shared))
    }

    /// The layer that writes events.
    #[must_use]
    pub fn layer(&self) -> LogLayer {
        LogLayer::new(self.clone())
    }

    /// The layer that decides for the whole subscriber what is seen, or the filter of single layers.
    #[must_use]
    pub fn filter(&self) -> LogFilter {
        LogFilter::new(Arc::clone(&self.0.levels))
    }

    /// Makes events of `tracing` of the records of the `log` crate, for the whole process and whatever
    /// subscriber it has. Each has the record's own target and level, and the ids of the request.
    /// Records more verbose than every level of `RUST_LOG` are dropped at once. Without
    /// [`LoggingSettings::log_crate`] this does nothing.
    ///
    /// # Errors
    /// [`LoggerTaken`] if the process has another logger of the `log` crate. It is left as it is.
    pub fn install_log_crate(&self) -> Result<(), LoggerTaken> {
        let Shared { levels, log_crate, .. } = &*self.0;
        if *log_crate { log_crate::install(levels.most()) } else { Ok(()) }
    }

    /// The observer that writes a line per finished request and job.
    #[must_use]
    pub fn access_log(&self) -> AccessLog {
        AccessLog::new(self.clone())
    }

    /// Waits until every line so far is written, or lost and counted; at most for `timeout`, even if
    /// the output blocks. `false` if some are still waiting.
    #[must_use = "lines may be left"]
    pub fn flush(&self, timeout: Duration) -> bool {
        self.0.writer.flush(timeout)
    }

    /// How many lines were dropped since the start, because the buffer was full or the output failed.
    #[must_use]
    pub fn lost_lines(&self) -> u64 {
        self.0.writer.lost()
    }

    pub(crate) fn event(&self, event: &Event<'_>) {
        let Shared { clock, form, writer, .. } = &*self.0;
        let urgent = *event.metadata().level() == Level::ERROR;
        form.event(event, clock.unix(clock.now()), |line| writer.push(line, urgent));
        // It may be the last line of a process that is about to end. A request never waits.
        if urgent && current_context().is_none() {
            writer.wait_briefly();
        }
    }

    pub(crate) fn access(&self, end: &Finished<'_>) {
        let Shared { levels, access, form, writer, .. } = &*self.0;
        let level = if end.failed() { Level::ERROR } else { Level::INFO };
        if *access && levels.enables_access(level) {
            form.access(end, level, |line| writer.push(line, level == Level::ERROR));
        }
    }

    #[inline]
    pub(crate) fn is_slow(&self, call: &FinishedCall<'_>) -> bool {
        let threshold = self.0.slow_call;
        call.duration > threshold && !threshold.is_zero()
    }

    #[cold]
    pub(crate) fn slow_call(&self, call: &FinishedCall<'_>) {
        let Shared { levels, form, writer, .. } = &*self.0;
        if levels.enables_calls() {
            form.slow_call(call, |line| writer.push(line, false));
        }
    }
}

impl Source for Logging {
    fn collect(&self, out: &mut dyn Collector) {
        self.0.writer.collect(out);
    }
}

impl std::fmt::Debug for Logging {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Logging")
            .field("levels", &self.0.levels)
            .field("access", &self.0.access)
            .finish_non_exhaustive()
    }
}
