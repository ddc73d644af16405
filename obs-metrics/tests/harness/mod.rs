//! What the tests of this crate share.
#![allow(dead_code, unused_imports, reason = "each test file uses some of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "helpers of tests, outside of #[test]"
)]

pub(crate) mod drivers;
pub(crate) mod emits;
pub(crate) mod expected;
pub(crate) mod exposition;
pub(crate) mod gate;
pub(crate) mod prometheus;
pub(crate) mod protobuf;
pub(crate) mod shown;
pub(crate) mod target;
pub(crate) mod traffic;

pub(crate) use self::exposition::{Exposition, Series};
pub(crate) use self::gate::Gate;
pub(crate) use self::shown::{Extras, Native, Number, Sample, Shown, Sources};
pub(crate) use self::traffic::{End, Traffic};

use std::collections::BTreeMap;
use std::sync::Arc;

use obs_core::ServiceIdentity;
use obs_metrics::{Format, Metrics, MetricsSettings};
use proptest::collection::vec;
use proptest::prelude::*;

pub(crate) fn metrics() -> Arc<Metrics> {
    Arc::new(Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default()))
}

/// A scrape as text.
pub(crate) fn seen(metrics: &Metrics) -> Exposition {
    Exposition::parse(&metrics.render(Format::Text), Format::Text)
}

/// Requests by route, for tests that have one method and status.
pub(crate) fn requests(metrics: &Metrics) -> BTreeMap<String, u64> {
    let seen = seen(metrics);
    let requests = seen.of("http_requests_total");
    requests.map(|(labels, count)| (labels["route"].clone(), count as u64)).collect()
}

/// Any text, and more often one that a format or a reader stumbles over.
pub(crate) fn hostile_text() -> impl Strategy<Value = String> {
    const TRAPS: &[&str] = &[
        "\"",
        "\\",
        "\n",
        "\\n",
        "\\\"",
        "\r",
        "\r\n",
        "\t",
        "\0",
        "{",
        "}",
        ",",
        "=",
        "#",
        " ",
        "# EOF\n",
        "# TYPE a gauge\n",
        "} 1\n",
        "é",
        "\u{feff}",
        "\u{2028}",
        "\u{202e}",
        "\u{10ffff}",
        "$",
        "%s",
        "a",
    ];
    let trap = proptest::sample::select(TRAPS);
    prop_oneof![
        4 => vec(any::<char>(), 0..40).prop_map(String::from_iter),
        4 => vec(trap, 0..12).prop_map(|pieces| pieces.concat()),
        1 => Just(String::new()),
        1 => (any::<char>(), 1000_usize..8000).prop_map(|(c, count)| c.to_string().repeat(count)),
    ]
}
