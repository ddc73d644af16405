use std::error::Error;

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use obs_core::ErrorRecord;

obs_core::failure!(http, "obs_axum");

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let answer = self.error.answer(self.status.as_u16(), self.status.canonical_reason());
        (self.status, [(CONTENT_TYPE, answer.content_type)], answer.body).into_response()
    }
}

/// Tells the signals which error is behind a response that the handler makes itself.
///
/// ```
/// use axum::response::IntoResponse;
///
/// # let error = std::io::Error::other("disk full");
/// let response = obs_axum::attach(&error, (axum::http::StatusCode::BAD_GATEWAY, "try later"));
/// assert_eq!(response.into_response().status(), 502);
/// ```
pub fn attach<E: Error + ?Sized>(error: &E, response: impl IntoResponse) -> Response {
    ErrorRecord::of(error).attach();
    response.into_response()
}
