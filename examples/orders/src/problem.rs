use thiserror::Error;

use crate::{
    domain::Refusal,
    gateway::GatewayError,
    store::{NotStored, StoreError},
};

/// Every answer that is not what was asked for; as JSON, `{"error": "..."}`.
#[derive(Debug, Error)]
pub enum Problem {
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The framework could not read the request.
    #[error("{text}")]
    Unreadable { status: u16, text: String },
    #[error("no such route")]
    NoSuchRoute,
    #[error("no such method here")]
    NoSuchMethod,
    #[error("no warehouse {0:?}")]
    NoSuchWarehouse(String),
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    #[error("busy, try again")]
    Busy,
    #[error("internal error")]
    Broken(#[source] StoreError),
}

impl Problem {
    /// The status of HTTP.
    pub fn status(&self) -> u16 {
        match self {
            Self::Refused(refusal) => refused(refusal),
            Self::Unreadable { status, .. } => *status,
            Self::NoSuchRoute | Self::NoSuchWarehouse(_) => 404,
            Self::NoSuchMethod => 405,
            Self::Gateway(_) => 502,
            Self::Busy => 503,
            Self::Broken(_) => 500,
        }
    }

    /// Says in the log why the service failed, if it did: the answer does not.
    pub fn log(&self) {
        let status = self.status();
        if status >= 500 {
            let source = std::error::Error::source(self).map(tracing::field::display);
            tracing::error!(status, source, "{self}");
        }
    }

    /// The body of the answer.
    pub fn body(&self) -> serde_json::Value {
        serde_json::json!({"error": self.to_string()})
    }
}

fn refused(refusal: &Refusal) -> u16 {
    match refusal {
        Refusal::UnknownOrder(_) => 404,
        Refusal::AlreadyPaid(_) | Refusal::OverCapacity { .. } => 409,
        Refusal::BadText { .. }
        | Refusal::OutOfRange { .. }
        | Refusal::BadLineCount { .. }
        | Refusal::UnknownWarehouse(_)
        | Refusal::WrongAmount { .. } => 422,
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::PoolTimedOut => Self::Busy,
            error => Self::Broken(error),
        }
    }
}

impl From<NotStored> for Problem {
    fn from(problem: NotStored) -> Self {
        match problem {
            NotStored::Refused(refusal) => refusal.into(),
            NotStored::Broken(error) => error.into(),
        }
    }
}
