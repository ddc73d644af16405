use crate::config::Reader;

/// How the ids of a request travel in headers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestIds {
    /// The header, in lower case. Default `x-request-id`. Environment: `OBS_REQUEST_ID_HEADER`.
    pub header: String,
    /// Whether a client's id is taken over if acceptable. Default `true`. Environment:
    /// `OBS_REQUEST_ID_ACCEPT`.
    pub accept: bool,
    /// Whether responses carry the id. Default `true`. Environment: `OBS_REQUEST_ID_ECHO`.
    pub echo: bool,
    /// Whether responses carry the trace in `traceresponse`, if there is one. Default `true`.
    /// Environment: `OBS_TRACE_ID_ECHO`.
    pub trace_echo: bool,
}

impl Default for RequestIds {
    fn default() -> Self {
        Self { header: "x-request-id".to_owned(), accept: true, echo: true, trace_echo: true }
    }
}

impl RequestIds {
    /// Reads the variables; what is not set stays at its default.
    #[must_use]
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let default = Self::default();
        let token = |text: &str| {
            let fine = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            fine.then(|| text.to_ascii_lowercase())
        };
        Self {
            header: reader
                .parse("OBS_REQUEST_ID_HEADER", "a header name of letters, digits and -", token)
                .unwrap_or(default.header),
            accept: reader.flag("OBS_REQUEST_ID_ACCEPT").unwrap_or(default.accept),
            echo: reader.flag("OBS_REQUEST_ID_ECHO").unwrap_or(default.echo),
            trace_echo: reader.flag("OBS_TRACE_ID_ECHO").unwrap_or(default.trace_echo),
        }
    }
}
