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
    /// The id of a request whose client sent no acceptable one. Default [`NewId::Auto`].
    /// Environment: `OBS_REQUEST_ID` (`auto`, `trace`).
    pub new: NewId,
    /// Whether responses carry the id. Default `true`. Environment: `OBS_REQUEST_ID_ECHO`.
    pub echo: bool,
    /// Whether the id is also put into the headers of the request, in place of what the client sent,
    /// for the services further in. Default `false`. Environment: `OBS_REQUEST_ID_ON_REQUEST`.
    pub on_request: bool,
    /// How responses say where the request stood in its trace, if there is one. Default
    /// [`TraceEcho::Off`]. Environment: `OBS_TRACE_ID_ECHO` (`off`, `server-timing`,
    /// `traceresponse`, `both`; `true` is `traceresponse`, `false` is `off`).
    pub trace_echo: TraceEcho,
}

/// The id of a request whose client sent no acceptable one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NewId {
    /// The trace id, 32 hex digits, if the trace starts with the request; else, also without the
    /// tracing signal, a UUID version 7 of its own.
    #[default]
    Auto,
    /// The trace id, also if the request continues a trace. Requests of the same trace then have the
    /// same id.
    Trace,
}

/// The headers with which a response says where its request stood in its trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TraceEcho {
    /// None. The default: the request id is enough to find the trace.
    #[default]
    Off,
    /// `server-timing: trace;desc=00-…`, which scripts in a browser can read: the form of
    /// [W3C Trace Context level 3](https://w3c.github.io/trace-context/#trace-context-http-response-headers-format).
    /// What the handler says in this header stays.
    ServerTiming,
    /// `traceresponse: 00-…`, the form of earlier drafts.
    TraceResponse,
    /// Both.
    Both,
}

impl TraceEcho {
    pub(crate) const fn in_server_timing(self) -> bool {
        matches!(self, Self::ServerTiming | Self::Both)
    }

    pub(crate) const fn in_traceresponse(self) -> bool {
        matches!(self, Self::TraceResponse | Self::Both)
    }
}

impl Default for RequestIds {
    fn default() -> Self {
        Self {
            header: "x-request-id".to_owned(),
            accept: true,
            new: NewId::default(),
            echo: true,
            on_request: false,
            trace_echo: TraceEcho::default(),
        }
    }
}

impl RequestIds {
    /// Reads the variables; what is not set stays at its default.
    #[must_use]
    pub fn read(reader: &mut Reader<'_>) -> Self {
        const NEW: [(&str, NewId); 2] = [("auto", NewId::Auto), ("trace", NewId::Trace)];
        const ECHO: [(&str, TraceEcho); 6] = [
            ("off", TraceEcho::Off),
            ("server-timing", TraceEcho::ServerTiming),
            ("traceresponse", TraceEcho::TraceResponse),
            ("both", TraceEcho::Both),
            ("true", TraceEcho::TraceResponse),
            ("false", TraceEcho::Off),
        ];
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
            new: reader.choice("OBS_REQUEST_ID", &NEW).unwrap_or(default.new),
            echo: reader.flag("OBS_REQUEST_ID_ECHO").unwrap_or(default.echo),
            on_request: reader.flag("OBS_REQUEST_ID_ON_REQUEST").unwrap_or(default.on_request),
            trace_echo: reader.choice("OBS_TRACE_ID_ECHO", &ECHO).unwrap_or(default.trace_echo),
        }
    }
}
