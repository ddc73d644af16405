//! Texts at compile time.

pub(super) const fn equal(a: &str, b: &str) -> bool {
    a.len() == b.len() && ends_with(a, b)
}

pub(super) const fn ends_with(text: &str, end: &str) -> bool {
    let (text, end) = (text.as_bytes(), end.as_bytes());
    if text.len() < end.len() {
        return false;
    }
    let mut at = 0;
    while at < end.len() {
        if text[text.len() - end.len() + at] != end[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Letters, digits and underscores, no digit in front and no two underscores.
pub(super) const fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() && bytes[at] != b'_' {
            return false;
        }
        at += 1;
    }
    match bytes {
        [] | [b'_', b'_', ..] => false,
        [first, ..] => !first.is_ascii_digit(),
    }
}

/// An identifier as it is meant: `r#type` is `type`.
pub(super) const fn plain(identifier: &'static str) -> &'static str {
    match identifier.as_bytes() {
        [b'r', b'#', ..] => identifier.split_at(2).1,
        _ => identifier,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        assert!(ends_with("wait_seconds", "_seconds") && ends_with("a", "") && equal("", ""));
        assert!(!ends_with("s", "_s") && !equal("ab", "b") && !equal("b", "ab"));
        assert!(is_name("a1_b") && is_name("_a") && plain("r#type") == "type");
        for bad in ["", "1a", "a-b", "größe", "__a", "a:b", "r#type"] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
