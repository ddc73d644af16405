use std::any::type_name;
use std::error::Error;
use std::fmt;

use crate::error_chain;
use crate::redact::{Written, bounded};

/// At most so many bytes of a message are kept.
pub(crate) const MAX_MESSAGE: usize = 2048;

/// What went wrong in an exchange: an error with its chain of causes, or a panic.
///
/// Texts are redacted and bounded when they are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorRecord {
    /// The type of the error as the code names it, `panic` for a panic.
    pub kind: &'static str,
    /// The error's message, then that of each cause that says something new: at most 16 messages of
    /// at most 2 KiB, and 8 KiB in all.
    pub chain: Vec<String>,
    /// `file:line:column` of a panic.
    pub location: Option<String>,
}

impl ErrorRecord {
    /// The [kind](Self::kind) of a panic.
    pub const PANIC: &'static str = "panic";

    /// Takes an error and its causes.
    ///
    /// A cause whose text the messages before it already contain is left out: many errors print
    /// their source themselves.
    #[must_use]
    pub fn of<E: Error + ?Sized>(error: &E) -> Self {
        Self { kind: type_name::<E>(), chain: error_chain::messages(error), location: None }
    }

    /// Takes whatever `?` can turn into a boxed error, with its causes: an error, a `Box<dyn Error + Send +
    /// Sync>`, an `anyhow::Error`, an `eyre::Report`, a text.
    #[must_use]
    pub fn of_boxed<E: Into<Box<dyn Error + Send + Sync>>>(error: E) -> Self {
        let error: Box<dyn Error + Send + Sync> = error.into();
        Self { kind: type_name::<E>(), ..Self::of(&*error) }
    }

    /// Takes what an error writes of itself, such as `format_args!("{error:#}")`. No more of it is kept in memory
    /// than is looked at.
    #[must_use]
    pub fn of_written(kind: &'static str, error: fmt::Arguments<'_>) -> Self {
        Self::of_text(kind, Written::new(MAX_MESSAGE).take(error))
    }

    /// Takes what is only known as text.
    #[must_use]
    pub fn of_text(kind: &'static str, text: &str) -> Self {
        Self { kind, chain: vec![bounded(text, MAX_MESSAGE).into_owned()], location: None }
    }

    /// Takes what the panic hook receives.
    #[must_use]
    pub fn of_panic(info: &std::panic::PanicHookInfo<'_>) -> Self {
        let payload = info.payload();
        let literal = payload.downcast_ref::<&str>().copied();
        let text = literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let text = text.unwrap_or("a panic without a message");
        Self {
            location: info.location().map(ToString::to_string),
            ..Self::of_text(Self::PANIC, text)
        }
    }

    /// A panic of which the panic hook said nothing.
    pub(crate) fn of_silent_panic(text: &str) -> Self {
        Self::of_text(Self::PANIC, text)
    }

    /// Whether it is this failure, or has it as its innermost causes.
    pub(crate) fn ends_with(&self, cause: &Self) -> bool {
        let (all, cause) = (self.message(), cause.message());
        let outer = all.strip_suffix(&cause);
        outer.is_some_and(|outer| outer.is_empty() || outer.ends_with(": "))
    }

    /// The messages as one text: `cannot place the order: connection refused`. Lines, spans and
    /// health causes show this.
    #[must_use]
    pub fn message(&self) -> String {
        self.chain.join(": ")
    }

    /// Whether it is a panic.
    #[must_use]
    pub fn is_panic(&self) -> bool {
        self.kind == Self::PANIC
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot place the order")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn the_whole_chain_without_secrets() {
        let record =
            ErrorRecord::of(&Outer(std::io::Error::other("postgres://app:hunter2@db refused")));
        assert!(record.kind.ends_with("Outer"));
        assert_eq!(record.chain, ["cannot place the order", "postgres://[redacted]@db refused"]);
    }

    #[test]
    fn texts_are_bounded_and_marked() {
        let record = ErrorRecord::of_text("x", &"é".repeat(5000));
        assert!(record.chain[0].len() <= MAX_MESSAGE && record.chain[0].ends_with('…'));
    }
}
