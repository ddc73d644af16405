/// Whether Prometheus takes it as the name of a metric: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
#[must_use]
pub fn is_metric_name(name: &str) -> bool {
    is_name(name, |byte| byte == b'_' || byte == b':')
}

/// Whether Prometheus takes it as the name of a label: `[a-zA-Z_][a-zA-Z0-9_]*`. Two underscores in
/// front are Prometheus' own: `__name__` would fail the whole scrape.
#[must_use]
pub fn is_label_name(name: &str) -> bool {
    is_name(name, |byte| byte == b'_') && !name.starts_with("__")
}

fn is_name(name: &str, special: impl Fn(u8) -> bool) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || special(byte);
    name.bytes().next().is_some_and(letter)
        && name.bytes().all(|byte| letter(byte) || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert!(is_metric_name("a:b_c1") && is_label_name("_x1"));
        assert!(!is_metric_name("") && !is_metric_name("1a") && !is_metric_name("a-b"));
        assert!(!is_label_name("a:b") && !is_label_name("é"));
        assert!(!is_label_name("__name__"));
    }
}
