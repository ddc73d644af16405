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
pub fn add(key: &'static str, value: impl Into<FieldValue>) {
    if let Some(context) = RequestContext::current() {
        context.add(key, value);
    }
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
