//! Any `traceparent` is read within its bounds, and what is read is written back as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use obs_core::TraceContext;
use obs_tracing::TraceParent;

fuzz_target!(|value: &[u8]| {
    let parent = TraceParent::parse(value);
    // Nothing behind the first 56 bytes counts, but that version 00 has nothing there.
    assert_eq!(parent, TraceParent::parse(&value[..value.len().min(56)]));
    let Some(parent) = parent else { return };
    let written = parent.to_string();
    assert_eq!(written.len(), 55);
    assert_eq!(TraceParent::parse(written.as_bytes()), Some(parent));
    assert_eq!(&written.as_bytes()[2..53], &value[2..53]);
    if value.starts_with(b"00") {
        assert_eq!(written.as_bytes(), value);
    } else {
        assert!(parent.flags.bits() <= 3 && !value.starts_with(b"ff"));
    }
    let TraceParent { trace_id, span_id, flags } = parent;
    let context = TraceContext { trace_id, span_id, parent: None, flags };
    assert_eq!(context.header().as_str(), written);
});
