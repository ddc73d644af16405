use std::net::IpAddr;
use std::slice::Iter;

use actix_web::dev::RequestHead;
use actix_web::http::header::{HeaderMap, HeaderValue};
use actix_web::http::uri::Authority;
use obs_core::Headers;

use crate::http_types::known_name;

/// The headers of a request, with the host of its target: HTTP/2 has no `Host` header. Or those of a
/// response.
pub(crate) struct ActixHeaders<'a> {
    headers: &'a HeaderMap,
    authority: Option<&'a Authority>,
    peer: Option<IpAddr>,
}

impl<'a> ActixHeaders<'a> {
    #[inline]
    pub(crate) fn of_request(head: &'a RequestHead) -> Self {
        Self {
            headers: &head.headers,
            authority: head.uri.authority(),
            peer: head.peer_addr.map(|peer| peer.ip()),
        }
    }

    #[inline]
    pub(crate) fn of_response(headers: &'a HeaderMap) -> Self {
        Self { headers, authority: None, peer: None }
    }

    fn values(&self, name: &str) -> Iter<'_, HeaderValue> {
        match known_name(name) {
            Some(name) => self.headers.get_all(name),
            None => self.headers.get_all(name),
        }
    }
}

impl Headers for ActixHeaders<'_> {
    fn get(&self, name: &str) -> Option<&[u8]> {
        let authority = self.authority.filter(|_| name == "host");
        let host = || authority.map(|host| host.as_str().as_bytes());
        self.values(name).next().map(HeaderValue::as_bytes).or_else(host)
    }

    fn each(&self, name: &str, value: &mut dyn FnMut(&[u8])) {
        self.values(name).map(HeaderValue::as_bytes).for_each(value);
    }

    fn peer(&self) -> Option<IpAddr> {
        self.peer
    }
}
