//! The scheme that a client used, as a proxy says it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod harness;

use std::net::IpAddr;
use std::sync::Arc;

use obs_core::config::Reader;
use obs_core::{Exchange, Head, Headers};
use obs_tracing::{TracingSettings, TrustedProxies, forwarded_scheme};
use proptest::prelude::*;

use self::harness::asked::{GET, OK};
use self::harness::{Service, attribute};

struct From<'a>(Option<IpAddr>, &'a [(&'a str, &'a [u8])]);

impl Headers for From<'_> {
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.1.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    fn peer(&self) -> Option<IpAddr> {
        self.0
    }
}

fn said(headers: &[(&str, &str)]) -> Option<&'static str> {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
    forwarded_scheme(&From(None, &headers))
}

#[test]
fn x_forwarded_proto() {
    for value in ["https", "HTTPS", " https ", "https,http", "https, http", "Https\t,http,http"] {
        assert_eq!(said(&[("x-forwarded-proto", value)]), Some("https"), "{value:?}");
    }
    for value in ["http", "http,https", "HTTP , https"] {
        assert_eq!(said(&[("x-forwarded-proto", value)]), Some("http"), "{value:?}");
    }
    for value in ["", ",https", "httpss", "gopher", "https;http", "\u{e9}"] {
        assert_eq!(said(&[("x-forwarded-proto", value)]), None, "{value:?}");
    }
}

#[test]
fn forwarded() {
    for value in [
        "proto=https",
        "Proto=HTTPS",
        "proto=\"https\"",
        "for=192.0.2.43;proto=https;by=203.0.113.60",
        "for=\"[2001:db8:cafe::17]:4711\" ; proto=https, for=10.0.0.1;proto=http",
        "for=\"a,b;proto=http\\\"\";proto=https",
        "for=10.0.0.1, for=10.0.0.2;proto=https",
        " , ;proto=https",
        "host=shop.example;proto=https,proto=http",
    ] {
        assert_eq!(said(&[("forwarded", value)]), Some("https"), "{value:?}");
    }
    for value in [
        "",
        "https",
        "for=1",
        "proto",
        "proto=",
        "proto=\"https",
        "for=\"a;proto=https",
        "for;proto=https",
    ] {
        assert_eq!(said(&[("forwarded", value)]), None, "{value:?}");
    }
    let both = [("forwarded", "for=1;proto=https"), ("x-forwarded-proto", "http")];
    assert_eq!(said(&both), Some("https"), "the standard counts first");
    let one = [("forwarded", "for=1"), ("x-forwarded-proto", "https")];
    assert_eq!(said(&one), Some("https"));
}

#[test]
fn no_more_than_the_beginning_is_read() {
    let long = format!("{};proto=https", "for=1;".repeat(1 << 20));
    assert_eq!(said(&[("forwarded", &long)]), None);
    let long = format!("{}https", " ".repeat(1 << 20));
    assert_eq!(said(&[("x-forwarded-proto", &long)]), None);
}

#[test]
fn the_scheme_of_a_span_is_that_of_a_trusted_proxy() {
    let scheme = |proxies: &str, peer: &str| {
        let mut reader =
            Reader::from_lookup(|name| (name == "OBS_TRUSTED_PROXIES").then(|| proxies.to_owned()));
        let settings = TracingSettings::read(&mut reader);
        reader.finish().unwrap();
        let service = Service::new(&settings);
        let headers = From(peer.parse().ok(), &[("x-forwarded-proto", b"https,http")]);
        let mut exchange = Exchange::begin(Arc::clone(&service.lifecycle), GET, &headers);
        exchange.headers(Head { bodyless: true, ..OK });
        attribute(&service.memory.spans()[0], "url.scheme").unwrap().to_string()
    };
    assert_eq!(scheme("", "127.0.0.1"), "https");
    assert_eq!(scheme("", "8.8.8.8"), "http");
    assert_eq!(scheme("", "unknown"), "https");
    assert_eq!(scheme("8.8.8.0/24", "8.8.8.8"), "https");
    assert_eq!(scheme("8.8.8.0/24", "127.0.0.1"), "http");
    assert_eq!(scheme("8.8.8.0/24", "unknown"), "http");
    assert_eq!(scheme("none", "127.0.0.1"), "http");
    assert_eq!(scheme("all", "8.8.8.8"), "https");
    assert_eq!(TracingSettings::default().trusted_proxies, TrustedProxies::Private);
    let mut reader = Reader::from_lookup(|_| Some("proxy.local".to_owned()));
    let _ = TracingSettings::read(&mut reader);
    assert!(
        reader.finish().unwrap_err().to_string().contains("OBS_TRUSTED_PROXIES=\"proxy.local\"")
    );
}

proptest! {
    #[test]
    fn any_bytes_are_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let headers = [("forwarded", &bytes[..]), ("x-forwarded-proto", &bytes[..])];
        let _ = forwarded_scheme(&From(None, &headers));
    }

    #[test]
    fn a_proto_is_found_behind_any_valid_pairs(
        pairs in proptest::collection::vec("(for|by|host|x)=([a-z0-9.:]{1,9}|\"[a-z,;= ]{0,9}\")[;,]? ?", 0..20),
        quote: bool,
        upper: bool,
    ) {
        let mut value: String = pairs.iter().map(|pair| format!("{pair};")).collect();
        let scheme = if upper { "HTTPS" } else { "https" };
        value += &if quote { format!("proto=\"{scheme}\"") } else { format!("proto={scheme}") };
        prop_assert_eq!(said(&[("forwarded", &value)]), Some("https"), "{}", value);
    }
}
