//! What stands before and behind the names of families.

/// What [`is_namespace`] asks for.
pub(super) const NAMESPACE: &str =
    "letters, digits and _, beginning with a letter and not ending in _";
/// What [`is_currency`] asks for.
pub(super) const CURRENCY: &str =
    "letters and digits, and none of total, count, sum, bucket, created, info";

/// Ends that say what a series is.
const SUFFIXES: [&str; 6] = ["total", "count", "sum", "bucket", "created", "info"];

pub(super) fn is_namespace(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && text.bytes().all(plain)
        && !text.ends_with('_')
}

pub(super) fn is_currency(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !SUFFIXES.iter().any(|suffix| suffix.eq_ignore_ascii_case(text))
}
