//! Which known name a misspelt one was meant to be.

/// Longer names are not compared: the work grows with the square of the length.
const MAX_NAME: usize = 80;

/// The one of `known` that is most like `name`, if at most a fifth of its letters differ, or two.
pub(super) fn nearest(
    name: &str,
    known: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    if name.len() > MAX_NAME {
        return None;
    }
    let allowed = (name.len() / 5).max(2);
    let distances = known.map(|known| (distance(name.as_bytes(), known.as_bytes()), known));
    distances.filter(|(distance, _)| *distance <= allowed).min().map(|(_, known)| known)
}

/// How many letters are replaced, inserted or left out.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, a) in a.iter().enumerate() {
        let mut diagonal = line;
        row[0] = line + 1;
        for (column, b) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_or_none() {
        let known = ["OBS_ACCESS_LOG", "OBS_METRICS_PRESET", "OBS_LOG_FORMAT"];
        for (name, expected) in [
            ("OBS_ACCES_LOG", Some("OBS_ACCESS_LOG")),
            ("OBS_METRICS_PRESETT", Some("OBS_METRICS_PRESET")),
            ("OBS_FORMAT_LOG", None),
            ("OBS_WEBSOCKET_URL", None),
            ("OBS_", None),
            ("OBS_LOGFORMAT", Some("OBS_LOG_FORMAT")),
        ] {
            assert_eq!(nearest(name, known.into_iter()), expected, "{name}");
        }
        assert_eq!(nearest(&"O".repeat(100_000), known.into_iter()), None);
    }
}
