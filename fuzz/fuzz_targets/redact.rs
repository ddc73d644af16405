//! Any text is redacted without a panic, a second time shows nothing that the first one hid, and a
//! secret in a known pair never survives.
#![no_main]

use libfuzzer_sys::fuzz_target;
use obs_core::redact::{LOOKAHEAD, REDACTED, bounded, bounded_bytes, text};

/// A text in which the fuzzer writes it by itself is left out: it sees what texts are compared with.
const SECRET: &str = "Zq7XvK29LmQw8RtY";

fuzz_target!(|input: (&str, u8, u16, &[u8])| {
    let (before, pair, max, bytes) = input;
    if before.contains(SECRET) {
        return;
    }
    let once = text(before);
    let twice = text(&once);
    let mut rest = &*once;
    for part in twice.split(REDACTED) {
        let at = rest.find(part);
        assert!(at.is_some(), "{before:?} became {once:?}, then {twice:?}");
        rest = &rest[at.unwrap_or_default() + part.len()..];
    }

    let max = usize::from(max);
    let cut = bounded(before, max);
    assert!(cut.len() <= max && bounded_bytes(bytes, max).len() <= max);
    if before.len() <= max + LOOKAHEAD && !cut.ends_with('…') {
        assert!(once.starts_with(&*cut));
    }

    // On a line of its own, whatever stands before it.
    let pair = match pair % 8 {
        0 => format!("password={SECRET}"),
        1 => format!("{{\"api_key\":\"{SECRET}\"}}"),
        2 => format!("postgres://app:{SECRET}@db/orders"),
        3 => format!("Authorization: Bearer {SECRET}"),
        4 => format!("<password>{SECRET}</password>"),
        5 => format!("tool --password {SECRET}"),
        6 => format!("https://h/x?sig={SECRET}"),
        _ => format!("Cookie: session={SECRET}"),
    };
    let message = format!("{before}\n\n{pair}");
    let clean = text(&message);
    assert!(!clean.contains(SECRET), "{message:?} became {clean:?}");
    assert!(clean.contains(REDACTED));
});
