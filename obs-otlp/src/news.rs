use std::time::{Duration, Instant};

use obs_core::notice;
use tokio::sync::mpsc::UnboundedSender;

/// A backend that comes and goes is not said more often.
const SPACING: Duration = Duration::from_secs(60);

/// What is logged about a backend: that it stops and starts accepting data, not each failure.
pub(crate) struct News {
    subject: String,
    out: UnboundedSender<Notice>,
    troubled: bool,
    last: Option<Instant>,
}

/// A line for the log. Said outside of the pipelines, where nothing reaches the log.
pub(crate) enum Notice {
    Warn(String),
    Info(String),
}

impl News {
    /// `subject` is such as `export of spans to http://collector:4318/v1/traces`.
    pub(crate) fn new(subject: String, out: &UnboundedSender<Notice>) -> Self {
        Self { subject, out: out.clone(), troubled: false, last: None }
    }

    pub(crate) fn trouble(&mut self, text: &str) {
        if self.troubled || self.last.is_some_and(|last| last.elapsed() < SPACING) {
            return;
        }
        self.troubled = true;
        self.last = Some(Instant::now());
        self.say(Notice::Warn(format!("{} fails: {text}; what is lost is counted", self.subject)));
    }

    pub(crate) fn fine(&mut self) {
        if std::mem::take(&mut self.troubled) {
            self.say(Notice::Info(format!("{} works again", self.subject)));
        }
    }

    fn say(&self, notice: Notice) {
        // The receiver outlives the pipelines.
        let _ = self.out.send(notice);
    }
}

impl Notice {
    pub(crate) fn say(&self) {
        match self {
            Self::Warn(text) => notice::warn(text),
            Self::Info(text) => notice::info(text),
        }
    }
}
