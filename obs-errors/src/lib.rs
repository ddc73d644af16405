//! Server errors and panics as events of the Sentry protocol, with the ids of their request.

mod budget;
mod describe;
mod dsn;
mod envelope;
mod errors;
mod event;
mod panics;
mod settings;
mod text;

pub use self::dsn::{Dsn, DsnError};
pub use self::errors::Errors;
pub use self::panics::capture_panics;
pub use self::settings::ErrorSettings;
