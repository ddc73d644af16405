//! The exposition formats, written by our own writer from one walk over the sources.

mod encoder;
mod format;
mod text;

pub(crate) use self::encoder::Encoder;
pub use self::format::Format;
