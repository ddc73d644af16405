//! Programs that are measured, and how: used by `cargo xtask overhead` and `cargo xtask full peers`.

mod callgrind;
mod programs;

pub(crate) use self::callgrind::instructions;
pub(crate) use self::programs::{Programs, output};
