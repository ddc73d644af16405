//! Observes a request once, from its arrival to the end of the response body, for any [`Observer`].
//!
//! The one layer of this workspace: [`ObserveLayer`] makes [`Observe`] services, whose
//! [`ResponseFuture`] and [`ResponseBody`] drive an [`Exchange`](crate::Exchange).
//!
//! [`Observer`]: crate::Observer

mod body;
mod future;
mod header_names;
mod layer;
mod service;

pub use self::body::ResponseBody;
pub use self::future::ResponseFuture;
pub use self::layer::ObserveLayer;
pub use self::service::Observe;

use http::HeaderName;
use http::header::{HOST, USER_AGENT};

use crate::{Facts, Headers};

/// [`Facts`] that are taken from an `http` request.
pub trait RequestFacts: Facts {
    /// What is kept of the request until its exchange ends.
    fn of<B>(request: &http::Request<B>) -> Self;
}

impl Headers for http::HeaderMap {
    fn get(&self, name: &str) -> Option<&[u8]> {
        let value = match known(name) {
            Some(name) => self.get(name),
            None => self.get(name),
        };
        value.map(http::HeaderValue::as_bytes)
    }

    fn each(&self, name: &str, value: &mut dyn FnMut(&[u8])) {
        let values = match known(name) {
            Some(name) => self.get_all(name),
            None => self.get_all(name),
        };
        values.iter().map(http::HeaderValue::as_bytes).for_each(value);
    }
}

/// What signals ask for: reading a name anew for every request costs more than looking it up.
fn known(name: &str) -> Option<&'static HeaderName> {
    static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
    static FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
    match name {
        "traceparent" => Some(&TRACEPARENT),
        "host" => Some(&HOST),
        "user-agent" => Some(&USER_AGENT),
        "x-forwarded-proto" => Some(&FORWARDED_PROTO),
        _ => None,
    }
}
