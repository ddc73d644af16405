//! The business, apart from HTTP and SQL. Money is in integer minor units: 12.50 is 1250.

#[macro_use]
mod text_enum;

pub(crate) mod goods;
pub(crate) mod id;
pub(crate) mod orders;
pub(crate) mod payments;
pub(crate) mod refusal;
pub(crate) mod warehouse;

pub(crate) use refusal::Refusal;
