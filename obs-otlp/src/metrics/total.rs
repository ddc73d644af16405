use obs_core::source::{Sample, Value};

use super::exponential::Exponential;
use crate::target::HistogramForm;

/// What a series has counted.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Total {
    Integer(u64),
    Float(f64),
    Buckets { counts: Vec<u64>, sum: f64 },
    Exponential(Exponential),
}

impl Total {
    /// `None` if it makes no sense.
    pub(super) fn of(sample: &Sample<'_>, form: HistogramForm) -> Option<Self> {
        match sample.value {
            Value::Integer(value) => Some(Self::Integer(value)),
            Value::Float(value) => Some(Self::Float(value)),
            Value::Histogram(histogram) => match sample.native {
                Some(native) if form == HistogramForm::Exponential => {
                    Some(Self::Exponential(Exponential::new(&native, histogram.sum)))
                }
                _ if histogram.counts.len() == histogram.bounds.len() + 1 => {
                    Some(Self::Buckets { counts: histogram.counts.to_vec(), sum: histogram.sum })
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// What has come since `before`; `None` if the series was reset in between.
    pub(super) fn since(&self, before: &Self) -> Option<Self> {
        match (self, before) {
            (Self::Integer(now), Self::Integer(before)) => {
                now.checked_sub(*before).map(Self::Integer)
            }
            (Self::Buckets { counts, sum }, Self::Buckets { counts: before, sum: sum_before }) => {
                let counts = difference(counts, before)?;
                Some(Self::Buckets { counts, sum: sum - sum_before })
            }
            (Self::Exponential(now), Self::Exponential(before)) => {
                now.since(before).map(Self::Exponential)
            }
            _ => {
                let (now, before) = (self.number()?, before.number()?);
                (now >= before).then_some(Self::Float(now - before))
            }
        }
    }

    /// Whether nothing has come.
    pub(super) fn is_nothing(&self) -> bool {
        match self {
            Self::Integer(value) => *value == 0,
            Self::Float(value) => *value == 0.0,
            Self::Buckets { counts, .. } => counts.iter().all(|count| *count == 0),
            Self::Exponential(histogram) => histogram.count() == 0,
        }
    }

    /// About how much memory it holds, besides itself, in bytes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Integer(_) | Self::Float(_) => 0,
            Self::Buckets { counts, .. } => counts.capacity() * size_of::<u64>(),
            Self::Exponential(histogram) => histogram.counts.capacity() * size_of::<u64>(),
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "only of a series that is a float as well")]
    fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }
}

/// `None` if one is smaller than before, or there are others.
pub(super) fn difference(now: &[u64], before: &[u64]) -> Option<Vec<u64>> {
    let same = now.len() == before.len();
    let pairs = now.iter().zip(before).map(|(now, before)| now.checked_sub(*before));
    same.then(|| pairs.collect())?
}
