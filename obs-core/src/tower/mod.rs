//! Observes a request once, from its arrival to the end of the response body, for any [`Observer`].
//!
//! The one layer of this workspace: [`ObserveLayer`] makes [`Observe`] services, whose
//! [`ResponseFuture`] and [`ResponseBody`] drive an [`Exchange`](crate::Exchange).
//!
//! [`Observer`]: crate::Observer

mod body;
mod future;
mod layer;
mod request_id;
mod service;

pub use self::body::ResponseBody;
pub use self::future::ResponseFuture;
pub use self::layer::ObserveLayer;
pub use self::service::Observe;

use crate::{Facts, Headers};

/// [`Facts`] that are taken from an `http` request.
pub trait RequestFacts: Facts {
    /// What is kept of the request until its exchange ends.
    fn of<B>(request: &http::Request<B>) -> Self;
}

impl Headers for http::HeaderMap {
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.get(name).map(http::HeaderValue::as_bytes)
    }

    fn each(&self, name: &str, value: &mut dyn FnMut(&[u8])) {
        self.get_all(name).iter().map(http::HeaderValue::as_bytes).for_each(value);
    }
}
