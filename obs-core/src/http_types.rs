/// What adapters read in, and write with, the types of the crate `http`: one text for its two versions,
/// whose types are different. Frameworks are on either.
///
/// `http_types!(actix_web::http)` makes `known_name`, `id_header`, `put` and `protocol_version` for the types that are found there.
#[doc(hidden)]
#[macro_export]
macro_rules! http_types {
    ($($http:ident)::+) => {
        use $($http)::+::Version;
        use $($http)::+::header::{CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
        use $crate::{RequestIds, ResponseHeader};

        static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

        /// What signals ask for: reading a name anew for every request costs more than looking it up.
        pub(super) fn known_name(name: &str) -> Option<&'static HeaderName> {
            static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
            static TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
            static GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
            static FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
            static FORWARDED: HeaderName = HeaderName::from_static("forwarded");
            match name {
                "forwarded" => Some(&FORWARDED),
                "x-request-id" => Some(&REQUEST_ID),
                "traceparent" => Some(&TRACEPARENT),
                "tracestate" => Some(&TRACESTATE),
                "grpc-status" => Some(&GRPC_STATUS),
                "host" => Some(&HOST),
                "user-agent" => Some(&USER_AGENT),
                "x-forwarded-proto" => Some(&FORWARDED_PROTO),
                _ => None,
            }
        }

        /// The header of request ids; the default's if the configured one is none.
        pub(crate) fn id_header(rules: &RequestIds) -> HeaderName {
            HeaderName::try_from(&rules.header).unwrap_or_else(|_| REQUEST_ID.clone())
        }

        /// The name of a header that responses carry; `id` is that of the request id.
        #[inline]
        fn header_name(header: ResponseHeader, id: &HeaderName) -> HeaderName {
            static TRACE_RESPONSE: HeaderName = HeaderName::from_static("traceresponse");
            static SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
            match header {
                ResponseHeader::ServerTiming => SERVER_TIMING.clone(),
                ResponseHeader::TraceResponse => TRACE_RESPONSE.clone(),
                ResponseHeader::Connection => CONNECTION,
                _ => id.clone(),
            }
        }

        /// Puts a header on a response: in place of what the handler says in it, beside that, or not at all
        /// if the handler's own stays.
        #[inline]
        pub(super) fn put(
            headers: &mut HeaderMap,
            header: ResponseHeader,
            id: &HeaderName,
            value: HeaderValue,
        ) {
            let name = header_name(header, id);
            if header == ResponseHeader::ServerTiming {
                headers.append(name, value);
                return;
            }
            if let Some(own) = headers.insert(name, value).into_iter().next()
                && header.keeps_own()
            {
                headers.insert(header_name(header, id), own);
            }
        }

        /// As `Facts::protocol_version` has it.
        pub(super) fn protocol_version(version: Version) -> Option<&'static str> {
            match version {
                Version::HTTP_10 => Some("1.0"),
                Version::HTTP_11 => Some("1.1"),
                Version::HTTP_2 => Some("2"),
                Version::HTTP_3 => Some("3"),
                _ => None,
            }
        }
    };
}
