//! Secrets must not reach a sink, and no text of a client's may cost more than its bound: every text
//! goes through [`bounded`], [`Clean`] or [`Written`] on its way to a line, a span or an event.

mod bounded;
mod harmless;
mod letters;
mod markup;
mod name;
mod prefix;
mod secret;
mod text;
mod token;
mod tokens;
mod trigger;
mod url;
mod value;
mod words;
mod written;

pub use self::bounded::{Clean, LOOKAHEAD, bounded, bounded_bytes, floor};
pub(crate) use self::bounded::{bounded_owned, cut};
pub use self::name::is_secret_name;
pub use self::secret::Secret;
pub use self::text::text;
pub use self::trigger::is_trigger;
pub use self::written::Written;

/// What stands where a secret stood.
pub const REDACTED: &str = "[redacted]";
