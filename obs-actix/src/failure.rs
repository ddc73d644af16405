use std::error::Error;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use obs_core::ErrorRecord;

obs_core::failure!(actix_web::http, "obs_actix");

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
