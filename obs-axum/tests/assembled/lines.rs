//! What the service wrote to standard output.

use serde_json::Value;

/// The log lines; the rest is the test harness's own.
pub(crate) fn parse(stdout: &str) -> Vec<Value> {
    let lines = stdout.lines().filter(|line| line.starts_with('{'));
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The only line of which `is` holds.
pub(crate) fn only<'a>(lines: &'a [Value], what: &str, is: impl Fn(&Value) -> bool) -> &'a Value {
    let found: Vec<_> = lines.iter().filter(|line| is(line)).collect();
    assert_eq!(found.len(), 1, "{what}: {found:#?}");
    found[0]
}

/// How many of how many were not delivered, as the service says when it ends.
pub(crate) fn undelivered(lines: &[Value], signal: &str) -> Option<(u64, u64)> {
    let end = format!(" {signal} were not delivered: see obs_export_dropped_total");
    let said = lines.iter().find_map(|line| line["message"].as_str()?.strip_suffix(&end))?;
    let (dropped, accepted) = said.split_once(" of ").unwrap();
    Some((dropped.parse().unwrap(), accepted.parse().unwrap()))
}
