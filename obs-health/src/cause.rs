use std::error::Error;

use obs_core::{ErrorRecord, is_display_control};

const MAX_CHARS: usize = 500;

/// An error and its sources as one bounded line for the log, without credentials.
pub(crate) fn of(error: &(dyn Error + 'static)) -> String {
    let text = ErrorRecord::of(error).message();
    let mut letters = text.chars().map(|c| if is_display_control(c) { ' ' } else { c });
    let mut line: String = letters.by_ref().take(MAX_CHARS).collect();
    if letters.next().is_some() {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Outer(std::io::Error);
    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("pool is closed")
        }
    }
    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn one_line_with_sources_and_without_credentials() {
        let inner = std::io::Error::other("no route to\npostgres://app:hunter2@db/x");
        assert_eq!(of(&Outer(inner)), "pool is closed: no route to postgres://[redacted]@db/x");
    }

    #[test]
    fn bounded_whatever_the_letters() {
        let long = of(&std::io::Error::other("ä".repeat(100_000)));
        assert_eq!(long.chars().count(), MAX_CHARS + 1);
        assert!(long.ends_with('…'));
    }
}
