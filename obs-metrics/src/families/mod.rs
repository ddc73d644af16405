//! Typed metric families: business and technical ones of the application.

mod buckets;
mod capped;
mod counter;
mod definition;
mod dense;
mod error;
mod family;
mod float;
mod gauge;
mod histogram;
mod label;
mod label_enum;
mod labels;
mod names;
mod registry;
mod self_metrics;
mod series;
mod table;
mod validate;

pub(crate) use self::counter::CounterCell;
pub(crate) use self::family::Family;
pub(crate) use self::gauge::GaugeCell;
pub(crate) use self::histogram::HistogramCell;
pub(crate) use self::label::MAX_LABELS;
pub(crate) use self::labels::Row;
pub(crate) use self::series::Cell;

pub use self::capped::{Capped, LabelText};
pub use self::counter::{Counter, CounterHandle};
pub use self::definition::{Definition, FamilyDefinition, LabelDefinition};
pub use self::error::{DefinitionError, DefinitionFault};
pub use self::gauge::{Gauge, GaugeHandle};
pub use self::histogram::{Histogram, HistogramHandle};
pub use self::label::{Label, LabelValue, LabelValues, Scratch};
pub use self::labels::Labels;
pub use self::registry::Families;
