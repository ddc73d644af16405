//! What a handler that failed leaves behind: the error for the signals, the answer for the client.

use crate::{Answer, ErrorRecord, FieldValue, RequestContext};

impl ErrorRecord {
    /// Hands the error to the current request. Outside of a request it does nothing.
    pub fn attach(self) {
        if let Some(context) = RequestContext::current() {
            context.record_error(self);
        }
    }

    /// Hands the error to the current request and makes the client's answer, which says nothing of
    /// it: `{"error":"Internal Server Error","request_id":"..."}`. `reason` is what HTTP calls the
    /// status.
    #[must_use]
    pub fn answer(self, status: u16, reason: Option<&str>) -> Answer {
        let id = RequestContext::current().map(|context| context.request_id().to_string());
        self.attach();
        // Neither a reason nor an id has anything to escape.
        let id = id.map_or_else(|| "null".to_owned(), |id| format!("\"{id}\""));
        let body = format!(r#"{{"error":"{}","request_id":{id}}}"#, reason.unwrap_or("error"));
        Answer { status, content_type: "application/json", body: body.into_bytes() }
    }
}

/// Adds a field to the current request's access line, span and error event. Outside of a request it
/// does nothing. For the bounds see [`RequestContext::add`].
///
/// ```
/// fn pay(method: &str, cents: u64) {
///     obs_core::add("payment.method", method);
///     obs_core::add("payment.cents", cents);
/// }
/// # pay("card", 1250);
/// ```
pub fn add(key: &'static str, value: impl Into<FieldValue>) {
    if let Some(context) = RequestContext::current() {
        context.add(key, value);
    }
}

/// The error that a handler returns, for the response type of each framework: `failure!(http, "obs_axum")`
/// makes `Result` and `Failure` of the status codes in `http`. The adapter only says how a `Failure` becomes
/// a response.
#[doc(hidden)]
#[macro_export]
macro_rules! failure {
    ($($http:ident)::+, $adapter:literal) => {
        /// What a handler returns: `?` turns any error into a [`Failure`], also an `anyhow::Error`, an
        /// `eyre::Report` and a `Box<dyn Error + Send + Sync>`.
        ///
        /// ```
        #[doc = concat!("async fn order() -> ", $adapter, "::Result<String> {")]
        ///     let text = std::fs::read_to_string("/no/such/file")?;     // 500, reported with its causes
        ///     Ok(text)
        /// }
        /// ```
        pub type Result<T, E = Failure> = std::result::Result<T, E>;

        /// An error as a response. The error itself, with its causes, goes to the signals, never to the
        /// client.
        ///
        /// The body is `{"error":"Internal Server Error","request_id":"..."}`.
        #[derive(Debug)]
        pub struct Failure {
            status: $($http)::+::StatusCode,
            error: $crate::ErrorRecord,
        }

        impl Failure {
            /// A failure with another status than 500.
            #[must_use]
            pub fn new<E: std::error::Error + ?Sized>(
                status: $($http)::+::StatusCode,
                error: &E,
            ) -> Self {
                Self { status, error: $crate::ErrorRecord::of(error) }
            }

            /// A failure of which only a text is known. An `anyhow::Error` or `eyre::Report` is more: see
            /// [`with_status`](Self::with_status).
            #[must_use]
            pub fn text(status: $($http)::+::StatusCode, text: &str) -> Self {
                Self { status, error: $crate::ErrorRecord::of_text("error", text) }
            }

            /// The same failure with another status, for what `From` made with 500:
            ///
            /// ```
            #[doc = concat!("use ", $adapter, "::Failure;")]
            ///
            /// # let error: Box<dyn std::error::Error + Send + Sync> = "the warehouse is closed".into();
            /// # let status = Default::default();
            /// let failure = Failure::from(error).with_status(status);
            /// ```
            #[must_use]
            pub fn with_status(self, status: $($http)::+::StatusCode) -> Self {
                Self { status, ..self }
            }
        }

        /// 500. The error is any that `?` can box: it is `Send`, `Sync` and `'static`.
        impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> From<E> for Failure {
            fn from(error: E) -> Self {
                let status = $($http)::+::StatusCode::INTERNAL_SERVER_ERROR;
                Self { status, error: $crate::ErrorRecord::of_boxed(error) }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::RequestId;

    fn body(error: ErrorRecord) -> String {
        String::from_utf8(error.answer(500, Some("Internal Server Error")).body).unwrap()
    }

    #[test]
    fn the_answer_has_the_id_and_the_request_has_the_error() {
        let error = ErrorRecord::of_text("error", "disk full");
        let none = r#"{"error":"Internal Server Error","request_id":null}"#;
        assert_eq!(body(error.clone()), none);

        let context = RequestContext::new(RequestId::generate(Duration::ZERO), 1);
        let text = context.scope(|| body(error.clone()));
        assert_eq!(text, none.replace("null", &format!("\"{}\"", context.request_id())));
        assert_eq!(context.error(), Some(error));
    }
}
