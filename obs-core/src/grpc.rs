//! gRPC says how a call ended in a header or trailer, below HTTP 200.

use crate::Headers;

/// Nobody implements the method that was called.
pub(crate) const UNIMPLEMENTED: u16 = 12;

/// Length of `grpc-status` at most.
const DIGITS: usize = 2;

/// The `grpc-status` in headers or trailers.
pub(crate) fn status(headers: &dyn Headers) -> Option<u16> {
    let digits = headers.get("grpc-status").filter(|text| text.len() <= DIGITS)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The status of HTTP that stands for one of gRPC, as
/// [`google.rpc.Code`](https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto)
/// maps them.
pub(crate) fn http_status(grpc: u16) -> u16 {
    match grpc {
        0 => 200,
        1 => 499,
        3 | 9 | 11 => 400,
        4 => 504,
        5 => 404,
        6 | 10 => 409,
        7 => 403,
        8 => 429,
        UNIMPLEMENTED => 501,
        14 => 503,
        16 => 401,
        // UNKNOWN, INTERNAL, DATA_LOSS, and unknown codes.
        _ => 500,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Status(&'static str);

    impl Headers for Status {
        fn get(&self, name: &str) -> Option<&[u8]> {
            (name == "grpc-status").then_some(self.0.as_bytes())
        }
    }

    #[test]
    fn a_status_is_read_or_left() {
        assert_eq!(status(&Status("0")), Some(0));
        assert_eq!(status(&Status("16")), Some(16));
        for bad in ["", "x", "-1", "100", " 5"] {
            assert_eq!(status(&Status(bad)), None, "{bad:?}");
        }
    }

    #[test]
    fn server_errors_are_those_of_the_conventions() {
        // https://opentelemetry.io/docs/specs/semconv/rpc/grpc/
        let failed: Vec<_> = (0..=16).filter(|grpc| http_status(*grpc) >= 500).collect();
        assert_eq!(failed, [2, 4, 12, 13, 14, 15]);
    }
}
