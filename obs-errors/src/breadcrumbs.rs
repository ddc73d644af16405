//! The last calls of a failed request, as the protocol's
//! [breadcrumbs](https://develop.sentry.dev/sdk/data-model/event-payloads/breadcrumbs/).

use obs_core::{Breadcrumb, CallKind, CallOutcome, Clock};
use serde::Serialize;

use crate::text::{SHORT, line};

/// Oldest first. They hold the bounded names of call sites: no statement, key or URL.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Breadcrumbs {
    pub(crate) values: Vec<Crumb>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Crumb {
    timestamp: f64,
    r#type: &'static str,
    category: &'static str,
    level: &'static str,
    message: String,
    data: Data,
}

#[derive(Clone, Debug, Serialize)]
struct Data {
    #[serde(skip_serializing_if = "String::is_empty")]
    system: String,
    duration_ms: f64,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Breadcrumbs {
    pub(crate) fn of(crumbs: &[Breadcrumb], clock: &Clock) -> Self {
        Self { values: crumbs.iter().map(|crumb| Crumb::of(crumb, clock)).collect() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl Crumb {
    fn of(crumb: &Breadcrumb, clock: &Clock) -> Self {
        let site = crumb.site();
        Self {
            timestamp: clock.unix(crumb.at).as_secs_f64(),
            r#type: match site.kind() {
                CallKind::Database => "query",
                CallKind::Http => "http",
                _ => "default",
            },
            category: site.kind().as_str(),
            level: match crumb.outcome {
                CallOutcome::Error => "error",
                CallOutcome::Cancelled => "warning",
                _ => "info",
            },
            message: line(&site.summary(), SHORT),
            data: Data {
                system: line(site.system(), SHORT),
                duration_ms: (crumb.duration.as_secs_f64() * 1e6).round() / 1e3,
                outcome: crumb.outcome.as_str(),
                status_code: crumb.status,
                error: crumb.error.as_deref().map(|error| line(error, SHORT)),
            },
        }
    }
}
