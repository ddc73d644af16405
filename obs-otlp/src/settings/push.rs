use std::time::Duration;

use obs_core::Secret;
use obs_core::config::{Reader, percent_decode};

use crate::endpoint;
use crate::target::PushTarget;

/// Which gateway metrics are pushed to.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<PushTarget> {
    let allowed = "an http:// or https:// URL, with or without user:password@";
    let address = reader.parse("OBS_PUSHGATEWAY_URL", allowed, |text| {
        let (url, credentials) = split(text)?;
        endpoint::parse(&url)?;
        Some((url, credentials))
    });
    let job = reader.text("OBS_PUSHGATEWAY_JOB");
    let instance = reader.text("OBS_PUSHGATEWAY_INSTANCE");
    let interval = reader.millis("OBS_PUSHGATEWAY_INTERVAL_MS", 0..=3_600_000);
    let (url, credentials) = address?;
    Some(PushTarget {
        credentials: credentials.map(Secret::new),
        job,
        instance,
        interval: interval.filter(|interval| *interval > Duration::ZERO),
        ..PushTarget::new(url)
    })
}

/// A URL without its credentials, and those.
fn split(text: &str) -> Option<(String, Option<String>)> {
    let (scheme, rest) = text.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let Some((credentials, host)) = rest[..end].rsplit_once('@') else {
        return Some((text.to_owned(), None));
    };
    let credentials = percent_decode(credentials)?;
    Some((format!("{scheme}://{host}{}", &rest[end..]), Some(credentials)))
}
