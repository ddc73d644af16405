//! What stands in for a signal that is compiled out: it joins nothing and observes nothing.
#![allow(dead_code, reason = "nothing is compiled out by default")]

use super::logging;
use super::signal::{self, Assembly};
use crate::setup::InstallError;

#[derive(Debug)]
pub(crate) struct Signal;

pub(crate) type Observer = ();

impl signal::Signal for Signal {
    fn join(_: &mut Assembly<'_>) -> Self {
        Self
    }
}

/// Of the subscriber: the application cannot give layers to it.
#[derive(Debug, Default)]
pub(crate) struct Foreign(());

/// Of the subscriber: there is none to set.
pub(super) fn install(_: &Signal, _: &logging::Signal, _: Foreign) -> Result<(), InstallError> {
    Ok(())
}
