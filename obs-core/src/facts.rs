use std::any::Any;
use std::net::IpAddr;

/// The methods that signals tell by name, as
/// [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/) lists them;
/// any other one is bounded to one name.
pub const METHODS: [&str; 10] =
    ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY"];

/// The route of a request that no route matched, in every signal.
pub const UNKNOWN_ROUTE: &str = "unknown";

/// What an adapter knows of a request, in the framework's own types.
///
/// Owned by the exchange until its end, so that all signals share one copy; text is produced only
/// when a signal asks for it.
pub trait Facts: 'static {
    /// The request method as sent, such as `GET`.
    fn method(&self) -> &str;
    /// The path without the query.
    fn path(&self) -> &str;
    /// The route that matched. A late fact: some frameworks know it only after routing.
    fn route(&self) -> Option<Route<'_>>;
    /// What kind of work this is.
    fn work(&self) -> Work {
        Work::Request
    }
    /// The version of HTTP as
    /// [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/registry/attributes/network/)
    /// writes it: `1.0`, `1.1`, `2`, `3`. `None` if the adapter does not know.
    fn protocol_version(&self) -> Option<&'static str> {
        None
    }
}

/// What an exchange stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Work {
    /// A request that is answered.
    Request,
    /// Work without a request: see [`Lifecycle::job`](crate::Lifecycle::job). Its route is its
    /// name; its status is 200 if it succeeded, else 500.
    Job,
}

/// The pattern of the route that matched, such as `/orders/{id}`.
#[derive(Clone, Copy)]
pub struct Route<'a> {
    /// The pattern's text. Never the path of the request.
    pub pattern: &'a str,
    /// Whatever keeps that very text at its address.
    pub owner: &'a dyn Keep,
}

impl std::fmt::Debug for Route<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Route").field(&self.pattern).finish()
    }
}

/// The owner of a route's text.
///
/// Signals may recognise a route by the address of its text. They then hold a clone of the owner,
/// because the address of a dropped text is used again.
pub trait Keep {
    /// A clone that keeps the text alive **at the same address**: of an `Arc<str>`, never of a
    /// `String`.
    fn keep(&self) -> Box<dyn Any>;
}

impl Keep for &'static str {
    fn keep(&self) -> Box<dyn Any> {
        Box::new(*self)
    }
}

impl Keep for std::sync::Arc<str> {
    fn keep(&self) -> Box<dyn Any> {
        Box::new(Self::clone(self))
    }
}

/// Request headers, whatever version of `http` the framework uses.
pub trait Headers {
    /// The first value of the header `name` (lower case), as bytes. `host` of a request is the
    /// authority of its target if there is no such header, as in HTTP/2.
    fn get(&self, name: &str) -> Option<&[u8]>;

    /// Shows every value of the header `name` (lower case): for headers that may come only once.
    fn each(&self, name: &str, value: &mut dyn FnMut(&[u8])) {
        self.get(name).into_iter().for_each(value);
    }

    /// The address at the other end of the connection: the client, or the last proxy before this
    /// service. `None`, which is the default, if the adapter does not know.
    fn peer(&self) -> Option<IpAddr> {
        None
    }
}

/// None at all.
impl Headers for () {
    fn get(&self, _: &str) -> Option<&[u8]> {
        None
    }
}
