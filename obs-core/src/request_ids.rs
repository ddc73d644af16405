use crate::config::Reader;

/// How request ids travel.
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
}

impl Default for RequestIds {
    fn default() -> Self {
        Self { header: "x-request-id".to_owned(), accept: true, echo: true }
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
        }
    }
}
