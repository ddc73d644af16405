//! What must not reach a sink.

mod name;
mod secret;
mod text;
mod trigger;
mod url;
mod value;

pub use self::name::is_secret_name;
pub use self::secret::Secret;
pub(crate) use self::text::owned;
pub use self::text::text;
pub use self::trigger::triggers;

/// What stands where a secret stood.
pub const REDACTED: &str = "[redacted]";
