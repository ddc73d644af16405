//! The Prometheus text format, as much of it as a service of ours writes.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::Sample;

pub(in crate::demo) fn parse(text: &str) -> Result<Vec<Sample>> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| sample(line).with_context(|| format!("not a line of /metrics: {line}")))
        .collect()
}

fn sample(line: &str) -> Option<Sample> {
    let name_end = line.find(['{', ' '])?;
    let (name, rest) = line.split_at(name_end);
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(inside) => braced(inside)?,
        None => (BTreeMap::new(), rest),
    };
    // What may follow the value: a timestamp, an exemplar.
    let value = rest.split_whitespace().next()?.parse().ok()?;
    let exemplar = match rest.split_once("# {") {
        Some((_, inside)) => braced(inside)?.0.remove("trace_id"),
        None => None,
    };
    Some(Sample { name: name.to_owned(), labels, value, exemplar })
}

/// The labels up to the closing brace, and what follows it.
fn braced(mut inside: &str) -> Option<(BTreeMap<String, String>, &str)> {
    let mut labels = BTreeMap::new();
    loop {
        inside = inside.trim_start_matches([',', ' ']);
        if let Some(rest) = inside.strip_prefix('}') {
            return Some((labels, rest));
        }
        let (label, after) = inside.split_once("=\"")?;
        let (value, after) = quoted(after)?;
        labels.insert(label.to_owned(), value);
        inside = after;
    }
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
    fn an_exemplar_has_a_trace_id_behind_the_value() {
        let text = "a{b=\"# {\"} 3 # {trace_id=\"4bf92f\",span_id=\"00f067\"} 0.2 17.1\n\
                    a{b=\"c\"} 3 # {other=\"x\"} 0.2\na{b=\"# {trace_id=\\\"x\\\"}\"} 3\n";
        let exemplars = parse(text).unwrap().into_iter().map(|sample| sample.exemplar);
        assert_eq!(exemplars.collect::<Vec<_>>(), [Some("4bf92f".to_owned()), None, None]);
    }

    #[test]
    fn says_which_line_is_broken() {
        for broken in ["up", "a{b=\"c} 1", "a{b} 1", "a nothing", "a 1 # {b"] {
            let error = parse(broken).unwrap_err().to_string();
            assert!(error.ends_with(broken), "{error}");
        }
    }
}
