use std::fmt::{self, Display, Formatter};
use std::panic::Location;

use obs_core::source::Kind;

use super::FamilyDefinition;
use super::validate::bounds_fault;

/// A family that cannot be registered.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("metric family {family:?} at {place}: {fault}")]
pub struct DefinitionError {
    /// Its name.
    pub family: String,
    /// Where it was to be registered.
    pub place: &'static Location<'static>,
    /// What is wrong. The message has it, so it is not a source: chains would show it twice.
    pub fault: DefinitionFault,
}

/// What is wrong with the metrics of a [`define_metrics!`](crate::define_metrics): every fault, not
/// only the first.
#[derive(Clone, Debug, PartialEq)]
pub struct DefinitionErrors(pub Vec<DefinitionError>);

/// One after the other.
impl Display for DefinitionErrors {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            write!(f, "{}{fault}", if index > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for DefinitionErrors {}

/// What is wrong with a [`Definition`](crate::Definition).
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DefinitionFault {
    /// The name of the family.
    #[error("a name is made of letters, digits, _ and :, and does not begin with a digit")]
    Name,
    /// A counter whose name does not end in `_total`, so that text and `OpenMetrics` would show different
    /// names; or a histogram whose name does.
    #[error("the name of a counter ends in `_total`, that of a histogram does not")]
    Total,
    /// A name of a label.
    #[error(
        "label {0:?}: a name is made of letters, digits and _, begins with neither a digit nor __, and is not `le` on a histogram"
    )]
    Label(String),
    /// A label that appears twice.
    #[error("label {0:?} appears twice")]
    LabelTwice(String),
    /// Not as many names as types.
    #[error("{names} names for {types} labels")]
    LabelCount {
        /// Names in the definition.
        names: usize,
        /// Labels of the family's type.
        types: usize,
    },
    /// The values of a closed label.
    #[error("label {0:?}: it has no values, one of them twice, or one of more than 128 bytes")]
    Values(String),
    /// A limit for a label that is closed or not there, or a limit of 0.
    #[error("the limit of {0:?}: only an open label has one, of 1 or more")]
    Limit(String),
    /// A unit that the name does not end in.
    #[error("the name does not end in its unit {0:?}")]
    Unit(String),
    /// Buckets of a family that is not a histogram, or bounds that are not 1 to 64, finite, not negative
    /// and strictly ascending.
    #[error("buckets {bounds:?}: {why}", bounds = .0, why = why(.0))]
    Buckets(Vec<f64>),
    /// No series at all.
    #[error("max_series must be 1 or more")]
    MaxSeries,
    /// A time to live without an open label, or one that is too short.
    #[error("only a family with an open label has a ttl, of 1 ms or more")]
    Ttl,
    /// Zero series of unknown values.
    #[error(
        "only a family whose labels are all closed, with at most 4096 combinations, shows zeros"
    )]
    Zero,
    /// The name, or that of one of its series, is that of a built-in family.
    #[error("the name {0:?} belongs to a built-in family")]
    Reserved(String),
    /// There is another family with this name, or with a name of its series.
    #[error(
        "it differs from one that is there\n  new:   {new}\n  there: {there}\n         at {}", there.place
    )]
    Conflict {
        /// What was to be registered.
        new: Box<FamilyDefinition>,
        /// What is there.
        there: Box<FamilyDefinition>,
    },
}

impl DefinitionFault {
    /// Whether the end of a name says another kind.
    pub(crate) fn of_suffix(kind: Kind, name: &str) -> Option<Self> {
        let total = name.ends_with("_total");
        match kind {
            Kind::Counter if !total => Some(Self::Total),
            Kind::Histogram if total => Some(Self::Total),
            _ => None,
        }
    }
}

fn why(bounds: &[f64]) -> String {
    bounds_fault(bounds).unwrap_or_else(|| "only a histogram has them".to_owned())
}
