//! The log file: the lines of one request, and how many requests have one.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::request::Ids;

const ACCESS: &str = "obs.access";

/// What the log says of one request, besides how many there are.
#[derive(Debug, Default)]
pub(super) struct Logged {
    pub(super) access_lines: u64,
    pub(super) access: Option<Line>,
    /// The last line that the service itself wrote for it.
    pub(super) own: Option<Line>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) message: String,
    pub(super) ids: Ids,
}

#[derive(Deserialize)]
struct Fields {
    target: String,
    message: String,
    request_id: String,
    trace_id: String,
    span_id: Option<String>,
}

impl Logged {
    pub(super) fn read(path: &Path, request_id: Option<&str>) -> Result<Self> {
        let read = || Self::scan(BufReader::new(File::open(path)?), request_id);
        read().with_context(|| format!("cannot read {}", path.display()))
    }

    fn scan(log: impl BufRead, request_id: Option<&str>) -> io::Result<Self> {
        let mut logged = Self::default();
        for (line, number) in log.split(b'\n').zip(1..) {
            // Lines of no request have no ids, and the last line may not be whole yet.
            let Ok(fields) = serde_json::from_slice::<Fields>(&line?) else {
                continue;
            };
            let is_access = fields.target == ACCESS;
            logged.access_lines += u64::from(is_access);
            if request_id == Some(fields.request_id.as_str()) {
                let Fields { message, trace_id, span_id, .. } = fields;
                let line = Line { number, message, ids: Ids { trace_id, span_id } };
                *(if is_access { &mut logged.access } else { &mut logged.own }) = Some(line);
            }
        }
        Ok(logged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(target: &str, request_id: &str, message: &str) -> String {
        format!(
            r#"{{"level":"ERROR","message":"{message}","target":"{target}","request_id":"{request_id}","trace_id":"t-{request_id}","span_id":"s-1","status":502}}"#
        )
    }

    #[test]
    fn finds_the_lines_of_a_request_and_counts_all_access_lines() {
        let lines = [
            r#"{"level":"INFO","message":"started","target":"obs"}"#.to_owned(),
            line(ACCESS, "r-0", "HTTP Request"),
            "listening on http://127.0.0.1:8080".to_owned(),
            line("shop", "r-1", "unreachable"),
            line(ACCESS, "r-1", "HTTP Request"),
            line("shop", "r-2", "unreachable"),
            r#"{"level":"INFO","mess"#.to_owned(),
        ];
        let logged = Logged::scan(lines.join("\n").as_bytes(), Some("r-1")).unwrap();
        assert_eq!(logged.access_lines, 2);
        let ids = Ids { trace_id: "t-r-1".to_owned(), span_id: Some("s-1".to_owned()) };
        let found = |number, message: &str| {
            Some(Line { number, message: message.to_owned(), ids: ids.clone() })
        };
        assert_eq!(logged.own, found(4, "unreachable"));
        assert_eq!(logged.access, found(5, "HTTP Request"));
    }
}
