//! Observes a request once, from its arrival to the end of the response body, for any [`Observer`].
//!
//! The one layer of this workspace: [`ObserveLayer`] makes [`Observe`] services, whose
//! [`ResponseFuture`] and [`ResponseBody`] drive an [`Exchange`](crate::Exchange).
//!
//! [`Observer`]: crate::Observer

mod body;
mod facts;
mod future;
mod headers;
pub(crate) mod http_types;
mod inject;
mod layer;
mod service;

pub use self::body::ResponseBody;
pub use self::facts::{GrpcFacts, HttpFacts, RequestFacts};
pub use self::future::ResponseFuture;
pub use self::inject::inject;
pub use self::layer::ObserveLayer;
pub use self::service::Observe;
