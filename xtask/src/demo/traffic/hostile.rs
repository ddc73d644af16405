//! Headers that do harm to a service that works on what a client sends without a bound.

use hyper::http::request::Builder;

/// What both servers still accept as one header.
const LONG: usize = 120 * 1024;

/// Texts that begin what a redaction looks for, over and over.
const SHAPES: [&str; 10] = [
    "token ",
    "basic ",
    "bearer ",
    "token=",
    "password=\"",
    "://",
    "<password ",
    "eyJ",
    "--password ",
    "sk-/",
];

/// The request with hostile headers, for one request in ten.
pub(super) fn sometimes(request: Builder) -> Builder {
    if fastrand::u8(..10) > 0 {
        return request;
    }
    let shape = SHAPES[fastrand::usize(..SHAPES.len())];
    let text = format!("token={}", shape.repeat(LONG / shape.len()));
    match fastrand::u8(..5) {
        0 => request.header("x-request-id", text),
        1 => request.header("traceparent", text),
        2 => request
            .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .header("tracestate", text),
        3 => request.header("forwarded", text).header("x-forwarded-proto", "h,t,t,p,s".repeat(100)),
        _ => request.header("user-agent", text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    #[test]
    fn some_requests_carry_a_long_header() {
        let long = |_: u32| {
            let request = sometimes(Request::get("/")).body(()).unwrap();
            request.headers().values().any(|value| value.len() > LONG - 16)
        };
        let count = (0..400).filter(|number| long(*number)).count();
        assert!((1..200).contains(&count), "{count} of 400");
    }
}
