//! How an error and its causes become texts: one rule for lines, spans, events, health causes and
//! export errors.

use std::error::Error;

use crate::error_record::MAX_MESSAGE;
use crate::redact::{Written, bounded};

/// At most so many errors of a chain are looked at: the chain may be a circle.
const MAX_CAUSES: usize = 16;
/// At most so many bytes of a chain are kept.
const MAX_BYTES: usize = 8 * 1024;

/// The messages of an error and its causes, each once, without secrets.
pub(crate) fn messages<E: Error + ?Sized>(error: &E) -> Vec<String> {
    let causes = std::iter::successors(error.source(), |cause: &&dyn Error| (*cause).source());
    let mut written = Written::new(MAX_MESSAGE);
    let first = written.take(format_args!("{error}")).to_owned();
    let mut chain = vec![bounded(&first, MAX_MESSAGE).into_owned()];
    let mut bytes = chain[0].len();
    let mut said = vec![first];
    for cause in causes.take(MAX_CAUSES - 1) {
        let text = written.take(format_args!("{cause}"));
        if said.iter().any(|before| contains(before, text)) {
            continue;
        }
        let room = MAX_MESSAGE.min(MAX_BYTES - bytes);
        let clean = bounded(text, room).into_owned();
        bytes += clean.len();
        chain.push(clean);
        said.push(text.to_owned());
        if bytes >= MAX_BYTES {
            break;
        }
    }
    chain
}

/// Whether `text` has all of `part`, and not in the middle of a word.
fn contains(text: &str, part: &str) -> bool {
    let part = part.trim();
    let of_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let alone = |(at, found): (usize, &str)| {
        let (before, after) = (&text[..at], &text[at + found.len()..]);
        let begins_inside = of_word(before.chars().next_back()) && of_word(part.chars().next());
        let ends_inside = of_word(after.chars().next()) && of_word(part.chars().next_back());
        !begins_inside && !ends_inside
    };
    part.is_empty() || text.match_indices(part).any(alone)
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;
    use crate::ErrorRecord;

    /// An error with a text and a source.
    #[derive(Debug)]
    struct Step(&'static str, Option<Box<Step>>);

    impl fmt::Display for Step {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Step {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|source| source as _)
        }
    }

    fn message(texts: &[&'static str]) -> String {
        let source = |source, text: &&'static str| Some(Box::new(Step(text, source)));
        ErrorRecord::of(&*texts.iter().rev().fold(None, source).unwrap()).message()
    }

    #[test]
    fn each_cause_is_there_once() {
        for (texts, shown) in [
            (&["cannot order", "refused"][..], "cannot order: refused"),
            // As sqlx, reqwest and many others print themselves.
            (&["cannot order: refused", "refused"], "cannot order: refused"),
            (&["cannot order (refused) now", "refused"], "cannot order (refused) now"),
            (&["a: b: c", "b: c", "c"], "a: b: c"),
            (&["a", "b: c", "c"], "a: b: c"),
            (&["same", "same", "same"], "same"),
            (&["line 12 is wrong", "1"], "line 12 is wrong: 1"),
            (&["timed out", "", " "], "timed out"),
            (
                &["no postgres://u:p@h: x://u:p@h", "x://u:p@h"],
                "no postgres://[redacted]@h: x://[redacted]@h",
            ),
        ] {
            assert_eq!(message(texts), shown);
        }
    }

    #[test]
    fn a_circle_ends() {
        #[derive(Debug)]
        struct Circle(std::sync::atomic::AtomicU64);
        impl fmt::Display for Circle {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let nth = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                write!(f, "cause number {nth}")
            }
        }
        impl Error for Circle {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                Some(self)
            }
        }
        let record = ErrorRecord::of(&Circle(0.into()));
        assert_eq!(record.chain.len(), MAX_CAUSES);
    }

    #[test]
    fn a_chain_is_bounded_in_bytes() {
        let texts: Vec<String> =
            ('a'..='p').map(|letter| letter.to_string().repeat(100_000)).collect();
        let texts: Vec<&'static str> = texts.into_iter().map(|text| &*text.leak()).collect();
        let shown = message(&texts);
        assert!((MAX_BYTES..MAX_BYTES + 2 * MAX_CAUSES).contains(&shown.len()), "{}", shown.len());
        assert!(shown.starts_with("aaa") && shown.ends_with('…'));
    }
}
