//! The Prometheus text format, as much of it as a service of ours writes.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::Sample;

pub(super) fn parse(text: &str) -> Result<Vec<Sample>> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| sample(line).with_context(|| format!("not a line of /metrics: {line}")))
        .collect()
}

fn sample(line: &str) -> Option<Sample> {
    let name_end = line.find(['{', ' '])?;
    let (name, mut rest) = line.split_at(name_end);
    let mut labels = BTreeMap::new();
    if let Some(mut inside) = rest.strip_prefix('{') {
        loop {
            inside = inside.trim_start_matches([',', ' ']);
            if let Some(after) = inside.strip_prefix('}') {
                rest = after;
                break;
            }
            let (label, after) = inside.split_once("=\"")?;
            let (value, after) = quoted(after)?;
            labels.insert(label.to_owned(), value);
            inside = after;
        }
    }
    // What may follow the value: a timestamp, an exemplar.
    let value = rest.split_whitespace().next()?.parse().ok()?;
    Some(Sample { name: name.to_owned(), labels, value })
}

/// The text up to the closing quote, unescaped, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    loop {
        match chars.next()? {
            (end, '"') => return Some((value, &text[end + 1..])),
            (_, '\\') => value.push(match chars.next()?.1 {
                'n' => '\n',
                other => other,
            }),
            (_, other) => value.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_samples_and_skips_comments() {
        let samples =
            parse("# HELP up Up.\nup 1\n\na{b=\"c\",d=\"}\\\"\\n\\\\\",} +Inf 17 # {x=\"y\"} 1\n")
                .unwrap();
        assert_eq!(samples.len(), 2);
        assert_eq!((samples[0].name.as_str(), samples[0].value), ("up", 1.0));
        assert_eq!(samples[1].label("b"), "c");
        assert_eq!(samples[1].label("d"), "}\"\n\\");
        assert_eq!(samples[1].value, f64::INFINITY);
    }

    #[test]
    fn says_which_line_is_broken() {
        for broken in ["up", "a{b=\"c} 1", "a{b} 1", "a nothing"] {
            let error = parse(broken).unwrap_err().to_string();
            assert!(error.ends_with(broken), "{error}");
        }
    }
}
