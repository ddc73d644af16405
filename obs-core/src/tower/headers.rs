use std::net::IpAddr;

use http::uri::Authority;
use http::{Extensions, HeaderMap, HeaderValue, Request};

use super::RequestFacts;
use super::http_types::known_name;
use crate::Headers;

/// The headers of a request, with the host of its target: HTTP/2 has no `Host` header.
pub(super) struct RequestHeaders<'a> {
    headers: &'a HeaderMap,
    authority: Option<&'a Authority>,
    extensions: &'a Extensions,
    peer: fn(&Extensions) -> Option<IpAddr>,
}

impl<'a> RequestHeaders<'a> {
    #[inline]
    pub(super) fn of<F: RequestFacts, B>(request: &'a Request<B>) -> Self {
        Self {
            headers: request.headers(),
            authority: request.uri().authority(),
            extensions: request.extensions(),
            peer: F::peer,
        }
    }
}

impl Headers for RequestHeaders<'_> {
    fn get(&self, name: &str) -> Option<&[u8]> {
        let authority = self.authority.filter(|_| name == "host");
        Headers::get(self.headers, name).or_else(|| authority.map(|host| host.as_str().as_bytes()))
    }

    fn each(&self, name: &str, value: &mut dyn FnMut(&[u8])) {
        self.headers.each(name, value);
    }

    fn peer(&self) -> Option<IpAddr> {
        (self.peer)(self.extensions)
    }
}

impl Headers for HeaderMap {
    fn get(&self, name: &str) -> Option<&[u8]> {
        let value = match known_name(name) {
            Some(name) => self.get(name),
            None => self.get(name),
        };
        value.map(HeaderValue::as_bytes)
    }

    fn each(&self, name: &str, value: &mut dyn FnMut(&[u8])) {
        let values = match known_name(name) {
            Some(name) => self.get_all(name),
            None => self.get_all(name),
        };
        values.iter().map(HeaderValue::as_bytes).for_each(value);
    }
}
