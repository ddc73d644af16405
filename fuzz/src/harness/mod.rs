//! The strict readers of the tests of obs-metrics.
#![allow(dead_code)]

#[path = "../../../obs-metrics/tests/harness/expected.rs"]
pub(crate) mod expected;
#[path = "../../../obs-metrics/tests/harness/exposition.rs"]
pub(crate) mod exposition;
#[path = "../../../obs-metrics/tests/harness/protobuf.rs"]
pub(crate) mod protobuf;
#[path = "../../../obs-metrics/tests/harness/shown.rs"]
pub(crate) mod shown;
