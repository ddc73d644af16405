//! What a declaration must be like to compile.

use super::declaration::{Declaration, Declared};
use super::message::fail;
use super::name::suffix_of;
use super::text::{ends_with, equal, is_name, plain};
use super::units::base_of;
use crate::LabelValues;
use crate::families::{MAX_LABELS, MAX_SLOTS};
use crate::governor::MAX_VALUE_BYTES;

#[track_caller]
pub(super) const fn all(metric: &Declaration) {
    help(metric);
    name(metric);
    labels(metric);
    buckets(metric);
    series(metric);
}

#[track_caller]
const fn help(metric: &Declaration) {
    if metric.help.trim_ascii().is_empty() {
        fail(metric.name.field, &["every metric needs a doc comment: it is its HELP text"]);
    }
}

/// What `is_name` asks for.
const RULE: &str = "a name is made of ASCII letters, digits and _, and begins with a letter";

#[track_caller]
const fn name(metric: &Declaration) {
    let name = metric.name;
    if !is_name(name.field) {
        fail(name.field, &[RULE]);
    }
    if !name.namespace.is_empty() && !is_name(name.namespace) {
        fail(name.field, &["namespace `", name.namespace, "`: ", RULE]);
    }
    if let Some(suffix) = suffix_of(name.field) {
        fail(name.field, &["`", suffix, "` says what kind of series it is: leave it out"]);
    }
    if !name.unit.is_empty() {
        if !is_name(name.unit) {
            fail(name.field, &["unit `", name.unit, "`: ", RULE]);
        }
        if let Some(base) = base_of(name.unit) {
            fail(name.field, &["`", name.unit, "` is not the base unit: measure in `", base, "`"]);
        }
        if matches!(metric.kind, Declared::Info) {
            fail(name.field, &["an info has no unit"]);
        }
        if ends_with(name.field, name.unit) {
            fail(name.field, &["the unit `", name.unit, "` is added to the name: leave it out"]);
        }
    }
    if let Some(told) = name.told {
        if !is_name(told) {
            fail(name.field, &["name `", told, "`: ", RULE]);
        }
        if matches!(metric.kind, Declared::Histogram) && ends_with(told, "_total") {
            fail(name.field, &["name `", told, "`: only a counter ends in `_total`"]);
        }
        if !name.ends_well() {
            let unit = if name.unit.is_empty() { "" } else { "_" };
            fail(
                name.field,
                &["name `", told, "`: it ends in `", unit, name.unit, name.suffix, "`"],
            );
        }
    }
}

#[track_caller]
const fn labels(metric: &Declaration) {
    let field = metric.name.field;
    if metric.labels.len() > MAX_LABELS {
        fail(field, &["it has more than 6 labels"]);
    }
    if metric.labels.is_empty() && matches!(metric.kind, Declared::Info) {
        fail(field, &["an info is what its labels say: it needs one"]);
    }
    let mut at = 0;
    while at < metric.labels.len() {
        let label = plain(metric.labels[at].0);
        if !is_name(label) {
            fail(field, &["label `", label, "`: ", RULE]);
        }
        if equal(label, "le") && matches!(metric.kind, Declared::Histogram) {
            fail(field, &["label `le`: it is the label of the buckets"]);
        }
        let mut earlier = 0;
        while earlier < at {
            if equal(plain(metric.labels[earlier].0), label) {
                fail(field, &["label `", label, "` appears twice"]);
            }
            earlier += 1;
        }
        match metric.labels[at].1 {
            LabelValues::Closed(texts) => values(field, label, texts),
            LabelValues::Open { limit: Some(0) } => {
                fail(field, &["label `", label, "`: a limit is 1 or more"]);
            }
            LabelValues::Open { .. } => {}
        }
        at += 1;
    }
}

#[track_caller]
const fn values(field: &str, label: &str, texts: &[&str]) {
    if texts.is_empty() {
        fail(field, &["label `", label, "` has no values"]);
    }
    let mut at = 0;
    while at < texts.len() {
        if texts[at].len() > MAX_VALUE_BYTES {
            fail(field, &["label `", label, "` has a value of more than 128 bytes"]);
        }
        let mut earlier = 0;
        while earlier < at {
            if equal(texts[earlier], texts[at]) {
                fail(field, &["label `", label, "` has the value `", texts[at], "` twice"]);
            }
            earlier += 1;
        }
        at += 1;
    }
}

#[track_caller]
const fn buckets(metric: &Declaration) {
    let field = metric.name.field;
    let Some(bounds) = metric.buckets else {
        if matches!(metric.kind, Declared::Histogram) && !equal(metric.name.unit, "seconds") {
            fail(field, &["only the buckets of `unit(\"seconds\")` are known: say `buckets(…)`"]);
        }
        return;
    };
    if !matches!(metric.kind, Declared::Histogram) {
        fail(field, &["only a histogram has buckets"]);
    }
    if bounds.is_empty() || bounds.len() > 64 {
        fail(field, &["a histogram has 1 to 64 buckets"]);
    }
    let mut at = 0;
    while at < bounds.len() {
        if !bounds[at].is_finite() {
            fail(field, &["the bound of a bucket is a finite number; `+Inf` is implied"]);
        }
        if bounds[at] < 0.0 {
            fail(field, &["the bound of a bucket is not negative: observations are not"]);
        }
        if at > 0 && bounds[at - 1] == bounds[at] {
            fail(field, &["a bucket appears twice"]);
        }
        if at > 0 && bounds[at - 1] > bounds[at] {
            fail(field, &["the bounds of the buckets must ascend"]);
        }
        at += 1;
    }
}

#[track_caller]
const fn series(metric: &Declaration) {
    let field = metric.name.field;
    let mut combinations = Some(1_usize);
    let mut at = 0;
    while at < metric.labels.len() {
        combinations = match (combinations, metric.labels[at].1) {
            (Some(count), LabelValues::Closed(texts)) => count.checked_mul(texts.len()),
            _ => None,
        };
        at += 1;
    }
    let open = combinations.is_none();
    if let Some(0) = metric.max_series {
        fail(field, &["max_series must be 1 or more"]);
    }
    if let Some(ttl) = metric.ttl
        && (!open || ttl.as_millis() == 0)
    {
        fail(field, &["only a metric with an open label has a ttl, of 1 ms or more"]);
    }
    let countable = matches!(combinations, Some(count) if count <= MAX_SLOTS);
    if matches!(metric.zero, Some(true)) && !countable {
        let rule = "only a metric whose labels are all closed, with at most 4096 combinations, shows zeros";
        fail(field, &[rule]);
    }
}

/// No two of them have one name.
#[track_caller]
pub const fn names_differ<const N: usize>(metrics: [Declaration; N]) -> [Declaration; N] {
    let mut at = 0;
    while at < metrics.len() {
        let mut earlier = 0;
        while earlier < at {
            if metrics[earlier].name.is(&metrics[at].name) {
                let there = metrics[earlier].name.field;
                fail(metrics[at].name.field, &["it has the same name as `", there, "`"]);
            }
            earlier += 1;
        }
        at += 1;
    }
    metrics
}
