//! Requests without a framework.

use std::sync::Arc;

use obs_core::{Exchange, Facts, Head, Headers, Route};
use obs_tracing::ServerSpans;

use super::Service;

pub(crate) struct Sent(pub(crate) &'static [(&'static str, &'static str)]);

impl Headers for Sent {
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_bytes())
    }

    fn each(&self, name: &str, value: &mut dyn FnMut(&[u8])) {
        let same = self.0.iter().filter(|(known, _)| *known == name);
        same.for_each(|(_, text)| value(text.as_bytes()));
    }
}

pub(crate) struct Asked {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) route: Option<&'static str>,
}

pub(crate) const GET: Asked =
    Asked { method: "GET", path: "/orders/42", route: Some("/orders/{id}") };

impl Facts for Asked {
    fn method(&self) -> &str {
        self.method
    }

    fn path(&self) -> &str {
        self.path
    }

    fn route(&self) -> Option<Route<'_>> {
        self.route.as_ref().map(|route| Route { pattern: route, owner: route })
    }
}

pub(crate) const OK: Head = Head { status: 200, bodyless: false, length: None, streaming: false };

pub(crate) fn begin(
    service: &Service,
    asked: Asked,
    headers: &Sent,
) -> Exchange<ServerSpans, Asked> {
    Exchange::begin(Arc::clone(&service.lifecycle), asked, headers)
}
