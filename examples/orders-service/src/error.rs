use axum::{
    Json,
    extract::rejection::{JsonRejection, PathRejection, QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use orders::Problem;

/// A [`Problem`] as a response.
pub(crate) struct Failed(Problem);

impl<E: Into<Problem>> From<E> for Failed {
    fn from(problem: E) -> Self {
        Self(problem.into())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        problem.log();
        let status =
            StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        obs_axum::attach(&problem, (status, Json(problem.body())))
    }
}

impl Failed {
    fn unreadable(status: StatusCode, text: String) -> Self {
        Self(Problem::Unreadable { status: status.as_u16(), text })
    }

    pub(crate) fn json(rejection: &JsonRejection) -> Self {
        Self::unreadable(rejection.status(), rejection.body_text())
    }

    pub(crate) fn query(rejection: &QueryRejection) -> Self {
        Self::unreadable(StatusCode::UNPROCESSABLE_ENTITY, rejection.body_text())
    }

    pub(crate) fn path(rejection: &PathRejection) -> Self {
        Self::unreadable(rejection.status(), rejection.body_text())
    }
}
