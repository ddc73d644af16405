//! The header to the letter of the specification.

use obs_core::{SpanId, TraceFlags, TraceId};
use obs_tracing::TraceParent;
use proptest::prelude::*;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

fn parse(text: &str) -> Option<TraceParent> {
    TraceParent::parse(text.as_bytes())
}

#[test]
fn examples_of_the_specification() {
    let sampled = parse(&format!("00-{TRACE}-{SPAN}-01")).unwrap();
    assert_eq!(sampled.trace_id.to_string(), TRACE);
    assert_eq!(sampled.span_id.to_string(), SPAN);
    assert!(sampled.flags.is_sampled());
    assert!(!parse(&format!("00-{TRACE}-{SPAN}-00")).unwrap().flags.is_sampled());
}

#[test]
fn all_flags_are_kept() {
    for bits in 0..=0xff_u8 {
        let header = format!("00-{TRACE}-{SPAN}-{bits:02x}");
        let parent = parse(&header).unwrap();
        assert_eq!(parent.flags.bits(), bits);
        assert_eq!(parent.flags.is_sampled(), bits & 1 == 1);
        assert_eq!(parent.to_string(), header);
    }
}

#[test]
fn of_later_versions_only_the_known_flags_are_kept() {
    let parent = parse(&format!("01-{TRACE}-{SPAN}-ff-more")).unwrap();
    assert_eq!(parent.to_string(), format!("00-{TRACE}-{SPAN}-03"));
}

#[test]
fn later_versions_are_read_as_far_as_they_are_known() {
    for text in [
        format!("01-{TRACE}-{SPAN}-01"),
        format!("cc-{TRACE}-{SPAN}-01-what-the-future-will-be-like"),
        format!("fe-{TRACE}-{SPAN}-01-"),
    ] {
        assert!(parse(&text).is_some_and(|parent| parent.flags.is_sampled()), "{text}");
    }
}

#[test]
fn anything_else_is_refused() {
    let zeros = "0".repeat(32);
    for text in [
        String::new(),
        "00".to_owned(),
        format!("ff-{TRACE}-{SPAN}-01"),
        format!("00-{TRACE}-{SPAN}-01-"),
        format!("00-{TRACE}-{SPAN}-01-more"),
        format!("01-{TRACE}-{SPAN}-01.more"),
        format!("01-{TRACE}-{SPAN}-011"),
        format!("0-{TRACE}-{SPAN}-01"),
        format!("0g-{TRACE}-{SPAN}-01"),
        format!("00-{zeros}-{SPAN}-01"),
        format!("00-{TRACE}-{}-01", &zeros[..16]),
        format!("00-{}-{SPAN}-01", TRACE.to_uppercase()),
        format!("00-{TRACE}-{}-01", SPAN.to_uppercase()),
        format!("00-{TRACE}-{SPAN}-0A"),
        format!("00-{TRACE}-{SPAN}-0"),
        format!("00-{TRACE}-{SPAN}-1"),
        format!("00-{TRACE}-{SPAN}"),
        format!("00_{TRACE}-{SPAN}-01"),
        format!("00-{TRACE}_{SPAN}-01"),
        format!("00-{TRACE}-{SPAN}_01"),
        format!(" 00-{TRACE}-{SPAN}-01"),
        format!("00-{TRACE}-{SPAN}-01 "),
        format!("00-{}-{SPAN}-01", &TRACE[1..]),
        format!("00-{TRACE}-{SPAN}-01,00-{TRACE}-{SPAN}-01"),
        format!("00-{}é-{SPAN}-01", &TRACE[2..]),
    ] {
        assert_eq!(parse(&text), None, "{text:?}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(trace in 1_u128.., span in 1_u64.., flags: u8) {
        let parent = TraceParent {
            trace_id: TraceId::from_u128(trace).unwrap(),
            span_id: SpanId::from_u64(span).unwrap(),
            flags: TraceFlags::from_bits(flags),
        };
        prop_assert_eq!(parse(&parent.to_string()), Some(parent));
    }

    #[test]
    fn any_bytes_are_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        let _ = TraceParent::parse(&bytes);
    }

    #[test]
    fn one_wrong_byte_is_found(at in 0_usize..55, byte: u8) {
        let mut text = format!("00-{TRACE}-{SPAN}-01").into_bytes();
        text[at] = byte;
        // What is still accepted is written with the same digits.
        if let Some(parent) = TraceParent::parse(&text) {
            let same = parent.to_string().into_bytes();
            prop_assert_eq!(&same[2..53], &text[2..53]);
            prop_assert!(&same[53..] == b"01" || text[..2] == *b"00" && same[53..] == text[53..]);
        }
    }
}
