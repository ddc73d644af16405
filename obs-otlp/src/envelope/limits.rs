use std::time::Duration;

use http::StatusCode;

use crate::client::Reply;
use crate::retry_after::{retry_after, seconds};

/// If a backend says 429 and nothing else.
const UNSAID: Duration = Duration::from_secs(60);
/// What a backend may ask for.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// How long error events are not wanted:
/// [`X-Sentry-Rate-Limits`](https://develop.sentry.dev/sdk/expected-features/rate-limiting/) if it is
/// there, with any status; else, with 429, `Retry-After`.
pub(super) fn limit(reply: &Reply) -> Option<Duration> {
    let wait = match reply.headers.get("x-sentry-rate-limits") {
        Some(limits) => parse(limits.to_str().ok()?),
        None if reply.status == StatusCode::TOO_MANY_REQUESTS => {
            Some(retry_after(&reply.headers).unwrap_or(UNSAID))
        }
        None => None,
    };
    wait.map(|wait| wait.min(LONGEST))
}

/// The longest of those limits that are for error events: `seconds:categories:...`, separated by
/// commas, categories by semicolons, none for all.
fn parse(limits: &str) -> Option<Duration> {
    let of_errors = limits.split(',').filter_map(|limit| {
        let mut parts = limit.split(':');
        let wait = seconds(parts.next()?)?;
        let categories = parts.next().unwrap_or_default().trim();
        let errors =
            categories.is_empty() || categories.split(';').any(|one| one.trim() == "error");
        errors.then_some(wait)
    });
    of_errors.max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_what_is_for_errors() {
        for (text, expected) in [
            ("60:error:organization", Some(60)),
            ("60:transaction:organization, 2700:default;error;security:project", Some(2700)),
            ("10::organization,5:error", Some(10)),
            ("7", Some(7)),
            ("60:transaction:key", None),
            ("x:error, 3:error:key:reason", Some(3)),
            ("", None),
        ] {
            assert_eq!(parse(text), expected.map(Duration::from_secs), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            let _ = parse(&text);
        }
    }
}
