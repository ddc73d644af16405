//! What the protocol takes, from texts that may hold anything.

use obs_core::is_display_control;
use obs_core::redact::{bounded, floor};

/// How many bytes of a tag's value, a transaction's name, a type's name are kept.
pub(crate) const SHORT: usize = 200;
/// How many bytes of a path, an error's message are kept.
pub(crate) const LONG: usize = 2048;

/// One line without secrets, of at most `max` bytes; it ends in `…` if it was cut.
pub(crate) fn line(text: &str, max: usize) -> String {
    block(text, max).replace(is_display_control, " ").trim().to_owned()
}

/// Text without secrets, of at most `max` bytes, with its line breaks.
pub(crate) fn block(text: &str, max: usize) -> String {
    bounded(text, max).into_owned()
}

/// What is refused in the name of a
/// [release](https://docs.sentry.io/concepts/releases/naming-releases/) or an environment, and by
/// its storage.
pub(crate) fn is_name(text: &str, max: usize) -> bool {
    let fine = |letter: char| !letter.is_control() && !matches!(letter, '/' | '\\');
    let refused = ["", ".", "..", "none", "None", "latest"];
    text.len() <= max && text.chars().all(fine) && !refused.contains(&text)
}

/// The nearest name that is not refused, if there is one.
pub(crate) fn name(text: &str, max: usize) -> Option<String> {
    let cut = text[..floor(text, max)].trim();
    let name = cut.replace(|letter: char| letter.is_control() || "/\\".contains(letter), "-");
    is_name(&name, max).then_some(name)
}

/// Module path and name of a type, as [`std::any::type_name`] gives them.
pub(crate) fn split_type(path: &str) -> (Option<&str>, &str) {
    let path = path.trim_start_matches("dyn ");
    // What stands in angle brackets has paths of its own.
    let outer = path.split('<').next().unwrap_or(path);
    match outer.rfind("::") {
        Some(at) => (Some(&path[..at]), &path[at + 2..]),
        None => (None, path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_by_module() {
        let split = [
            ("shop::order::Error", (Some("shop::order"), "Error")),
            (
                "alloc::boxed::Box<dyn core::error::Error>",
                (Some("alloc::boxed"), "Box<dyn core::error::Error>"),
            ),
            ("dyn core::error::Error", (Some("core::error"), "Error")),
            ("panic", (None, "panic")),
        ];
        for (path, parts) in split {
            assert_eq!(split_type(path), parts);
        }
    }

    #[test]
    fn names_are_bent_into_shape() {
        assert_eq!(name("shop/api@1.2\n", 200).as_deref(), Some("shop-api@1.2"));
        assert_eq!(name("é".repeat(50).as_str(), 11).as_deref(), Some("ééééé"));
        assert_eq!((name(" ", 9), name("..", 9), name("none", 9)), (None, None, None));
    }

    #[test]
    fn one_clean_line() {
        assert_eq!(line("a\nb\u{7f} x://u:p@h/\t", 99), "a b  x://[redacted]@h/");
        assert_eq!(line("éééé", 7), "éé…");
        assert_eq!(line("a\u{85}b\u{202e}c\u{2028}d", 99), "a b c d");
    }
}
