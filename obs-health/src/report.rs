use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::reading::Reading;
use obs_core::Answer;

/// The one word of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Alive,
    Started,
    Healthy,
    Degraded,
    Unhealthy,
    Draining,
}

impl Status {
    /// The status of the whole: a failing critical check wins over everything else.
    pub(crate) fn of(checks: &[Checked<'_>]) -> Self {
        let failing = |critical| {
            let mut checks = checks.iter();
            checks.any(|c| c.critical == critical && c.reading.failed.is_some())
        };
        match (failing(true), failing(false)) {
            (true, _) => Self::Unhealthy,
            (false, true) => Self::Degraded,
            (false, false) => Self::Healthy,
        }
    }

    pub(crate) fn answer(self, body: &impl Serialize) -> Answer {
        let ok = matches!(self, Self::Alive | Self::Started | Self::Healthy | Self::Degraded);
        Answer {
            status: if ok { 200 } else { 503 },
            content_type: "application/json",
            // Fails only for maps with keys that are no text.
            body: serde_json::to_vec(body).unwrap_or_else(|_| b"{}".to_vec()),
        }
    }

    pub(crate) fn word(self) -> Answer {
        self.answer(&Word { status: self })
    }
}

#[derive(Serialize)]
struct Word {
    status: Status,
}

/// The body of `/health`.
#[derive(Serialize)]
pub(crate) struct Report<'a> {
    pub(crate) status: Status,
    #[serde(serialize_with = "seconds")]
    pub(crate) uptime: Duration,
    #[serde(serialize_with = "rfc3339")]
    pub(crate) timestamp: Duration,
    pub(crate) checks: Checks<'a>,
    #[serde(skip_serializing_if = "Off::is_empty")]
    pub(crate) signals: Off<'a>,
}

/// Signals that are off because the environment cannot be used.
pub(crate) struct Off<'a>(pub(crate) &'a [&'static str]);

impl Off<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Off<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|signal| (signal, "off: invalid")))
    }
}

/// A check with its reading.
pub(crate) struct Checked<'a> {
    pub(crate) name: &'a str,
    pub(crate) critical: bool,
    pub(crate) reading: Reading,
}

/// Checks by name; the body of `/ready`.
pub(crate) struct Checks<'a>(pub(crate) &'a [Checked<'a>]);

impl Serialize for Checks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|c| (c.name, Entry::from(c.reading))))
    }
}

#[derive(Serialize)]
struct Entry {
    status: Status,
    latency: String,
    latency_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_kind: Option<&'static str>,
}

impl From<Reading> for Entry {
    fn from(reading: Reading) -> Self {
        let ms = reading.latency.as_secs_f64() * 1000.0;
        Self {
            status: match reading.failed {
                None => Status::Healthy,
                Some(_) => Status::Unhealthy,
            },
            latency: format!("{ms:.0}ms"),
            latency_ms: thousandths(ms),
            error_kind: reading.failed.map(|kind| kind.as_str()),
        }
    }
}

fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(thousandths(time.as_secs_f64()))
}

/// Milliseconds and `Z`, as in `2026-01-31T08:15:30.042Z`.
fn rfc3339<S: Serializer>(unix: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    let ms = i64::try_from(unix.as_millis()).unwrap_or(i64::MAX);
    let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX);
    serializer.collect_str(&format_args!("{time:.3}"))
}

fn thousandths(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
