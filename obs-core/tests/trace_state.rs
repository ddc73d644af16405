//! `tracestate` to the letter of the specification, and within its bounds.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use obs_core::{Headers, TraceState};
use proptest::prelude::*;

/// The headers of a request, all with this name.
struct Sent<'a>(&'a [&'a [u8]]);

impl Headers for Sent<'_> {
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.first().copied().filter(|_| name == "tracestate")
    }

    fn each(&self, name: &str, value: &mut dyn FnMut(&[u8])) {
        assert_eq!(name, "tracestate");
        self.0.iter().for_each(|sent| value(sent));
    }
}

fn read(values: &[&str]) -> Option<String> {
    let values: Vec<&[u8]> = values.iter().map(|value| value.as_bytes()).collect();
    TraceState::read(&Sent(&values)).map(|state| state.to_string())
}

fn entries(count: usize) -> String {
    (0..count).map(|number| format!("k{number:02}={number}")).collect::<Vec<_>>().join(",")
}

#[test]
fn what_is_valid_goes_on() {
    let key = "abcdefghijklmnopqrstuvwxyz0123456789_-*/@";
    let value: String = (' '..='~').filter(|char| !",=".contains(*char)).collect();
    for text in [
        "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE".to_owned(),
        "0tenant@vendor=1".to_owned(),
        "ot=th:c,v=1".to_owned(),
        format!("{key}={value}"),
        entries(32),
        format!("{}=1", "k".repeat(256)),
        format!("k={}", "v".repeat(256)),
    ] {
        assert_eq!(read(&[&text]), Some(text));
    }
    assert_eq!(read(&["k= leading"]).unwrap(), "k= leading", "a blank in front is of the value");
}

#[test]
fn blanks_and_empty_entries_are_left_out() {
    for text in ["a=1,b=2", " a=1\t ,\t b=2 ", ",a=1,, ,b=2,", "a=1 ,b=2\t"] {
        assert_eq!(read(&[text]).unwrap(), "a=1,b=2", "{text:?}");
    }
    for text in ["", " ", ",", " ,\t,"] {
        assert_eq!(read(&[text]), None, "{text:?}");
    }
}

#[test]
fn one_invalid_entry_makes_the_list_invalid() {
    for text in [
        "A=1",
        "a",
        "=1",
        "a=",
        "a= ",
        "a =1",
        "a.b=1",
        "@a=1",
        "_a=1",
        "a=1=2",
        "a=\u{e9}",
        "a=1\u{7}",
        "a=\u{7f}",
        "a=x\ty",
        "\u{1f600}=1",
    ] {
        assert_eq!(read(&[text]), None, "{text:?}");
        assert_eq!(read(&[&format!("ok=1,{text},fine=2")]), None, "{text:?}");
    }
    assert_eq!(read(&[&format!("{}=1", "k".repeat(257))]), None);
    assert_eq!(read(&[&format!("k={}", "v".repeat(257))]), None);
    assert_eq!(read(&[&entries(33)]), None, "at most 32");
    assert!(TraceState::parse(b"a=\xff").is_none());
}

#[test]
fn several_headers_are_one_list() {
    assert_eq!(
        read(&["foo=1,bar=2", "rojo=1,congo=2", "baz=3"]).unwrap(),
        "foo=1,bar=2,rojo=1,congo=2,baz=3"
    );
    assert_eq!(read(&["foo=1", ""]).unwrap(), "foo=1");
    assert_eq!(read(&["", "foo=1"]).unwrap(), "foo=1");
    assert_eq!(read(&["foo=1", "Bar=2"]), None);
    assert_eq!(read(&[&entries(32), "one=more"]), None);
}

#[test]
fn of_entries_with_one_key_the_first_stays() {
    assert_eq!(read(&["foo=1,bar=2,foo=3"]).unwrap(), "foo=1,bar=2");
    assert_eq!(read(&["foo=1", "foo=1"]).unwrap(), "foo=1");
}

#[test]
fn too_long_a_list_loses_its_large_entries_first_and_then_the_last() {
    let large = format!("large={}", "v".repeat(150));
    let small = |number: usize| format!("s{number}={}", "v".repeat(97));
    // Five entries of 100 bytes and their commas fit; with the large one they do not.
    let list = [small(1), large, small(2), small(3), small(4), small(5)];
    let kept = [small(1), small(2), small(3), small(4), small(5)].join(",");
    assert_eq!(read(&[&list.join(",")]).unwrap(), kept);
    let more = format!("{kept},{},last=1", small(6));
    assert_eq!(read(&[&more]).unwrap(), kept, "the last ones, until it fits");
    let exact = format!("{kept},end=2345");
    assert_eq!(exact.len(), 512 + 1);
    assert_eq!(read(&[&exact]).unwrap(), kept);
    assert_eq!(read(&[&exact[..512]]).unwrap().len(), 512);
}

#[test]
fn work_is_bounded_by_what_is_looked_at() {
    let endless = format!("a=1,{}", " ,".repeat(2 << 20));
    assert_eq!(read(&[&endless]).unwrap(), "a=1");
    let beyond = format!("a=1,{},B=2", " ".repeat(5000));
    assert_eq!(read(&[&beyond]).unwrap(), "a=1", "not looked at");
    let at_the_edge = format!("{},cut={}", "a=1", "v".repeat(5000));
    assert_eq!(read(&[&at_the_edge]).unwrap(), "a=1", "an entry without an end is left out");
}

#[test]
fn an_entry_is_found_and_replaced() {
    let state = TraceState::parse(b"a=1,ot=th:c,b=2").unwrap();
    assert_eq!((state.get("ot"), state.get("b"), state.get("c")), (Some("th:c"), Some("2"), None));
    assert_eq!(state.with("ot", Some("th:8")).unwrap().as_str(), "ot=th:8,a=1,b=2");
    assert_eq!(state.with("ot", None).unwrap().as_str(), "a=1,b=2");
    assert_eq!(state.with("c", Some("3")).unwrap().as_str(), "c=3,a=1,ot=th:c,b=2");
    assert!(state.with("c", Some("3,d=4")).is_none() && state.with("C", Some("3")).is_none());
    assert!(TraceState::parse(b"ot=th:c").unwrap().with("ot", None).is_none());
    let full = TraceState::parse(entries(32).as_bytes()).unwrap();
    let more = full.with("ot", Some("th:0")).unwrap();
    assert!(more.as_str().starts_with("ot=th:0,k00=0,") && more.as_str().ends_with(",k30=30"));
}

proptest! {
    #[test]
    fn what_is_read_is_valid_and_read_back_as_it_is(
        values in proptest::collection::vec("[a-c=, \t@x]{0,300}|[a-z]{1,9}=[!-+]{1,200}", 0..20)
    ) {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        if let Some(text) = read(&values) {
            prop_assert!(!text.is_empty() && text.len() <= 512);
            prop_assert!(text.split(',').count() <= 32);
            prop_assert_eq!(read(&[&text]), Some(text.clone()));
        }
    }

    #[test]
    fn any_bytes_are_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = TraceState::parse(&bytes);
    }
}
