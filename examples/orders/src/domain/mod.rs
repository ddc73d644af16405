//! The business, apart from HTTP and SQL. Money is in integer minor units: 12.50 is 1250.

#[macro_use]
mod text_enum;

pub mod goods;
pub mod id;
pub mod orders;
pub mod payments;
pub mod refusal;
pub mod warehouse;

pub use refusal::Refusal;
