//! What a span remembers of its fields.

use std::fmt;

use obs_core::export::SpanKind;
use obs_core::spans;
use tracing::info_span;

use crate::service::{Service, value};

#[test]
fn a_field_recorded_again_is_replaced() {
    let spans = Service::new().request(|| {
        let span = info_span!("work", state = "new", rows = tracing::field::Empty);
        span.record("state", "old").record("rows", 1).record("rows", 2);
        span.in_scope(|| {
            let node = spans::current().unwrap();
            node.with_fields(|fields| assert_eq!(fields.get("rows"), Some(&2_i64.into())));
        });
    });
    let names: Vec<_> = spans[0].attributes.iter().map(|(name, _)| name.as_ref()).collect();
    assert_eq!(names, ["state", "rows"]);
    assert_eq!(value(&spans[0], "state"), Some(&"old".into()));
}

#[test]
fn values_keep_their_types() {
    let spans = Service::new().request(|| {
        let error = std::io::Error::other("refused");
        let error: &(dyn std::error::Error + 'static) = &error;
        drop(info_span!(
            "work",
            flag = true,
            small = -1_i64,
            large = u64::MAX,
            huge = u128::MAX,
            share = 0.5,
            text = "a",
            debug = ?Some(1),
            display = %1.5,
            error
        ));
    });
    let shown: Vec<_> = spans[0].attributes.iter().map(|(_, value)| format!("{value:?}")).collect();
    assert_eq!(
        shown,
        [
            "Bool(true)",
            "I64(-1)",
            "U64(18446744073709551615)",
            "Text(\"340282366920938463463374607431768211455\")",
            "F64(0.5)",
            "Text(\"a\")",
            "Text(\"Some(1)\")",
            "Text(\"1.5\")",
            "Text(\"refused\")"
        ]
    );
    assert_eq!(spans[0].error.as_deref(), Some("refused"));
}

#[test]
fn names_of_opentelemetry_set_name_kind_and_status() {
    let spans = Service::new().request(|| {
        drop(info_span!(
            "call",
            otel.name = "GET /stock",
            otel.kind = "Client",
            otel.status_code = "ERROR",
            otel.status_description = "refused",
            peer = "stock"
        ));
        let late = info_span!("late", otel.status_code = tracing::field::Empty, error = "handled");
        late.record("otel.status_code", "OK");
        drop(late);
        drop(info_span!("odd", otel.kind = "planet", otel.status_message = "failed"));
    });
    let [call, late, odd] = &spans[..3] else { panic!("{spans:#?}") };
    assert_eq!((&*call.name, call.kind), ("GET /stock", SpanKind::Client));
    assert_eq!(call.error.as_deref(), Some("refused"));
    assert_eq!(call.attributes, [("peer".into(), "stock".into())]);
    assert_eq!((&*late.name, late.error.as_deref()), ("late", None));
    assert_eq!((odd.kind, odd.error.as_deref()), (SpanKind::Internal, Some("failed")));
    assert_eq!(odd.attributes, [("otel.kind".into(), "planet".into())]);
}

#[test]
fn an_error_that_is_false_is_none() {
    let spans = Service::new().request(|| {
        drop(info_span!("fine", error = false));
        drop(info_span!("failed", error = true));
    });
    assert_eq!(spans[0].error, None);
    assert_eq!(spans[1].error.as_deref(), Some(""));
}

#[test]
fn fields_are_bounded_and_texts_are_cut() {
    struct Endless;
    impl fmt::Debug for Endless {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            (0..100_000).for_each(|_| write!(f, "é{}", 1).unwrap());
            Ok(())
        }
    }
    let spans = Service::new().request(|| {
        let large = "x".repeat(10_000);
        let too_large = "x".repeat(20_000);
        let span = info_span!("work", large, too_large, endless = ?Endless, second = large, n = 1);
        // It replaces the first one: there is room.
        span.record("large", "small").record("second", large.as_str());
    });
    let [span] = &spans[..] else { panic!("{}", spans.len()) };
    assert!(span.size() < 17 * 1024, "{}", span.size());
    assert_eq!(value(span, "large"), Some(&"small".into()));
    // There was no room left for the endless one, and none for the second one at first.
    assert_eq!(span.dropped_attributes, 2);
    assert_eq!(value(span, "n"), Some(&1_i64.into()));
    let too_large = value(span, "too_large").map(ToString::to_string).unwrap();
    assert!(too_large.starts_with("xxx") && too_large.ends_with("x…"), "{too_large}");
    assert!(value(span, "second").is_some());
}

#[test]
fn a_long_text_is_cut_and_the_other_fields_are_there() {
    struct Endless;
    impl fmt::Debug for Endless {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            (0..100_000).for_each(|_| write!(f, "é{}", 1).unwrap());
            Ok(())
        }
    }
    let spans = Service::new().request(|| drop(info_span!("work", endless = ?Endless, n = 1)));
    let [span] = &spans[..] else { panic!("{}", spans.len()) };
    let endless = value(span, "endless").map(ToString::to_string).unwrap();
    assert!(endless.starts_with("é1é1") && endless.ends_with('…'), "{endless}");
    assert!((12_000..=12 * 1024).contains(&endless.len()), "{}", endless.len());
    assert_eq!(value(span, "n"), Some(&1_i64.into()));
    assert_eq!(span.dropped_attributes, 0);
}

#[test]
fn secrets_are_not_even_formatted() {
    struct Explosive;
    impl fmt::Debug for Explosive {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("looked at");
        }
    }
    let spans = Service::new().request(|| {
        drop(info_span!("work", password = ?Explosive, url = "https://a:hunter2@b/?token=hunter2"));
    });
    assert_eq!(value(&spans[0], "password"), Some(&"[redacted]".into()));
    assert!(!format!("{spans:?}").contains("hunter2"));
}

#[test]
fn a_value_that_looks_at_its_own_span_does_not_hang() {
    struct Curious;
    impl fmt::Debug for Curious {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let node = spans::current().ok_or(fmt::Error)?;
            node.with_fields(|fields| write!(f, "{} before", fields.as_slice().len()))
        }
    }
    let spans = Service::new().request(|| {
        let span = info_span!("work", a = 1, looked = tracing::field::Empty);
        span.in_scope(|| span.record("looked", tracing::field::debug(Curious)));
    });
    assert_eq!(value(&spans[0], "looked"), Some(&"1 before".into()));
}
