//! What [`define_metrics!`](crate::define_metrics) expands to.
#![allow(missing_docs, reason = "hidden: only the macros name it")]

mod check;
mod declaration;
mod define_metrics;
mod message;
mod name;
mod registration;
mod text;
mod units;

pub use self::check::names_differ;
pub use self::declaration::Declaration;
pub use self::registration::Registration;
pub use crate::families::{Text, Texts, chars};
