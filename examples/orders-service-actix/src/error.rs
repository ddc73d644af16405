use std::fmt;

use actix_web::error::{JsonPayloadError, PathError, QueryPayloadError};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use orders::Problem;

/// A [`Problem`] as a response.
#[derive(Debug)]
pub(crate) struct Failed(Problem);

impl<E: Into<Problem>> From<E> for Failed {
    fn from(problem: E) -> Self {
        Self(problem.into())
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Failed {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        self.0.log();
        let answer = HttpResponse::build(self.status_code()).json(self.0.body());
        obs_actix::attach(&self.0, answer)
    }
}

impl Failed {
    fn unreadable(status: StatusCode, error: &dyn fmt::Display) -> Self {
        Self(Problem::Unreadable { status: status.as_u16(), text: error.to_string() })
    }

    /// As axum tells them apart: what is no JSON, and what is another JSON than was asked for.
    pub(crate) fn json(error: &JsonPayloadError) -> Self {
        let status = match error {
            JsonPayloadError::Deserialize(error) if error.is_data() => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            JsonPayloadError::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            other => other.status_code(),
        };
        Self::unreadable(status, error)
    }

    pub(crate) fn query(error: &QueryPayloadError) -> Self {
        Self::unreadable(StatusCode::UNPROCESSABLE_ENTITY, error)
    }

    pub(crate) fn path(error: &PathError) -> Self {
        Self::unreadable(StatusCode::BAD_REQUEST, error)
    }
}
