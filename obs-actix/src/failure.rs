use std::error::Error;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use obs_core::ErrorRecord;

/// What a handler returns: `?` turns any error into a [`Failure`].
///
/// ```
/// async fn order() -> obs_actix::Result<String> {
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

/// What the client may know: actix asks for a text.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status.canonical_reason().unwrap_or("error"))
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let error = self.error.clone();
        let answer = error.answer(self.status.as_u16(), self.status.canonical_reason());
        HttpResponse::build(self.status).content_type(answer.content_type).body(answer.body)
    }
}

/// Tells the signals which error is behind a response that the handler makes itself.
///
/// ```
/// use actix_web::HttpResponse;
///
/// # let error = std::io::Error::other("disk full");
/// let response = obs_actix::attach(&error, HttpResponse::BadGateway().body("try later"));
/// assert_eq!(response.status(), 502);
/// ```
pub fn attach<E: Error + ?Sized, R>(error: &E, response: R) -> R {
    ErrorRecord::of(error).attach();
    response
}
