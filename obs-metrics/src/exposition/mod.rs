//! The exposition formats, written by our own writer from one walk over the sources.

mod accept;
mod bounds;
mod checked;
mod checks;
mod chunks;
mod elsewhere;
mod encoder;
mod exemplars;
mod format;
mod names;
#[cfg(feature = "native-histograms")]
mod protobuf;
mod representation;
mod text;
mod units;
mod writer;

pub(crate) use self::bounds::BoundStyle;
pub(crate) use self::checked::{Checked, Passage};
pub(crate) use self::encoder::Encoder;
pub use self::format::Format;
pub use self::representation::Representation;
pub(crate) use self::representation::{Content, Encoding};
use self::units::unit_of;
