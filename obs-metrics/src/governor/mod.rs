//! What keeps the number of series bounded: budgets per label, per family and per registry.
//!
//! A label beyond its budget becomes [`OTHER`], and only that label. In a family or a registry
//! beyond its budget the open label with the most values becomes [`OTHER`], then the next. No count
//! is lost.

mod budget;
mod cut;
mod label;
mod report;
mod warning;

pub(crate) use self::budget::Budget;
pub(crate) use self::cut::cut;
pub(crate) use self::label::LabelBudget;
pub use self::report::{Cardinality, FamilyCardinality, LabelCardinality};
pub(crate) use self::warning::Warning;

/// The value of a label that is beyond its budget. A value of this text belongs to the same series.
pub const OTHER: &str = "other";

/// How long the value of an open label can be, in bytes. A longer one is cut, and counted in
/// `obs_label_values_cut_total`.
pub const MAX_VALUE_BYTES: usize = 128;

/// How many series with [`OTHER`] a family can have beyond its budget.
pub const RESERVE: usize = 64;
