use std::sync::Arc;

use obs_errors::Errors;

use super::signal::{self, Assembly};
use crate::setup::InstallError;

/// `None` without a DSN.
pub(crate) type Signal = Option<Errors>;
pub(crate) type Observer = Errors;

impl signal::Signal for Signal {
    fn join(assembly: &mut Assembly<'_>) -> Self {
        let Assembly { settings, clock, .. } = *assembly;
        let errors =
            Errors::new(settings.errors.clone(), &settings.service, assembly.envelopes.take()?)
                .with_clock(clock.clone());
        assembly.sources.push(Arc::new(errors.clone()));
        assembly.stack.errors = Some(errors.clone());
        Some(errors)
    }

    fn install(&self) -> Result<(), InstallError> {
        match self {
            Some(errors) => errors.install_panic_hook(),
            None => obs_errors::capture_panics(),
        }
        Ok(())
    }
}
