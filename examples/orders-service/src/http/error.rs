use axum::{
    Json,
    extract::rejection::{JsonRejection, PathRejection, QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use thiserror::Error;

use crate::{domain::Refusal, gateway::GatewayError, store::NotStored};

/// Every answer that is not what was asked for; as JSON, `{"error": "..."}`.
#[derive(Debug, Error)]
pub(super) enum Problem {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("{}", .0.body_text())]
    Body(#[from] JsonRejection),
    #[error("{}", .0.body_text())]
    Query(#[from] QueryRejection),
    #[error("{}", .0.body_text())]
    Path(#[from] PathRejection),
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
    Broken(#[source] sqlx::Error),
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => refused(refusal),
            Self::Body(rejection) => rejection.status(),
            Self::Query(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Path(rejection) => rejection.status(),
            Self::NoSuchRoute | Self::NoSuchWarehouse(_) => StatusCode::NOT_FOUND,
            Self::NoSuchMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Gateway(_) => StatusCode::BAD_GATEWAY,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

fn refused(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::UnknownOrder(_) => StatusCode::NOT_FOUND,
        Refusal::AlreadyPaid(_) | Refusal::OverCapacity { .. } => StatusCode::CONFLICT,
        Refusal::BadText { .. }
        | Refusal::OutOfRange { .. }
        | Refusal::BadLineCount { .. }
        | Refusal::UnknownWarehouse(_)
        | Refusal::WrongAmount { .. } => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => Self::Busy,
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

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            let source = std::error::Error::source(&self).map(tracing::field::display);
            tracing::error!(status = status.as_u16(), source, "{self}");
        }
        let answer = (status, Json(json!({"error": self.to_string()})));
        obs_axum::attach(&self, answer)
    }
}
