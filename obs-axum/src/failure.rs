use std::error::Error;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use obs_core::ErrorRecord;

/// What a handler returns: `?` turns any error into a [`Failure`].
///
/// ```
/// async fn order() -> obs_axum::Result<String> {
///     let text = std::fs::read_to_string("/no/such/file")?;     // 500, reported with its causes
///     Ok(text)
/// }
/// ```
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// An error as a response. The error itself goes to the signals, never to the client.
///
/// The body is `{"error":"Internal Server Error","request_id":"..."}`.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    error: ErrorRecord,
}

impl Failure {
    /// A failure with another status than 500.
    #[must_use]
    pub fn new<E: Error + ?Sized>(status: StatusCode, error: &E) -> Self {
        Self { status, error: ErrorRecord::of(error) }
    }

    /// A failure of which only a text is known, such as an `anyhow::Error` (`format!("{error:#}")`).
    #[must_use]
    pub fn text(status: StatusCode, text: &str) -> Self {
        Self { status, error: ErrorRecord::of_text("error", text) }
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, &error)
    }
}

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
