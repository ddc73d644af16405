//! Any `tracestate` headers are one list within its bounds, or none, and it is read back as it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use obs_core::{Headers, TraceState};

struct Sent<'a>(Vec<&'a [u8]>);

impl Headers for Sent<'_> {
    fn get(&self, _: &str) -> Option<&[u8]> {
        self.0.first().copied()
    }

    fn each(&self, _: &str, value: &mut dyn FnMut(&[u8])) {
        self.0.iter().for_each(|sent| value(sent));
    }
}

fn check(state: &TraceState) {
    let text = state.as_str();
    assert!((1..=512).contains(&text.len()) && text.split(',').count() <= 32, "{text}");
    assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{text:?}");
    assert_eq!(TraceState::parse(text.as_bytes()).as_ref(), Some(state));
    for member in text.split(',') {
        let (key, value) = member.split_once('=').expect("an entry");
        assert!((1..=256).contains(&key.len()) && (1..=256).contains(&value.len()), "{member}");
        assert_eq!(state.get(key), Some(value), "each key once");
    }
}

fuzz_target!(|value: &[u8]| {
    let Some(state) = TraceState::read(&Sent(value.split(|byte| *byte == b'\n').collect())) else {
        return;
    };
    check(&state);
    let stamped = state.with("ot", Some("th:8")).expect("it fits alone");
    check(&stamped);
    assert!(stamped.as_str().starts_with("ot=th:8"));
    if let Some(others) = state.with("ot", None) {
        check(&others);
        assert_eq!(others.get("ot"), None);
    }
});
