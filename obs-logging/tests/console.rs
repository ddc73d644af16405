//! Lines for a person's eyes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use obs_core::{Clock, ErrorRecord, Head, is_display_control};
use obs_logging::{Format, Logging, LoggingSettings};

use self::common::{Get, Log, Memory, SOON};

const HEAD: Head = Head { status: 200, bodyless: true, length: None, streaming: false };

#[test]
fn readable() {
    let log = Log::console();
    let time = &log.time()[11..];
    log.run(|| {
        let mut exchange = log.begin(Get::default());
        exchange.in_scope(|| {
            let _span = tracing::info_span!("place", user = "ann", attempt = 2).entered();
            tracing::info!(target: "orders", sku = "a b", empty = "", total = 1.5, "placed");
        });
        exchange.context().unwrap().record_error(ErrorRecord::of_text("x", "no stock\nat all"));
        exchange.headers(Head { status: 500, bodyless: true, length: None, streaming: false });
        tracing::debug!("not shown");
        tracing::warn!(target: "orders", plan = "line 1\n  line 2", attempt = 1, "two\nlines\u{1b}[2J");
    });
    let expected = format!(
        "\
{time}  INFO placed sku=\"a b\" empty=\"\" total=1.5 user=ann attempt=2  orders request=order-42 trace=…0000abcd
{time} ERROR HTTP Request method=GET path=/orders/42 route=/orders/{{id}} status_code=500 duration_ms=0.000 outcome=complete  obs.access request=order-42 trace=…0000abcd
    error:
      no stock
      at all
{time}  WARN two
    lines\\u{{1b}}[2J attempt=1  orders
    plan:
      line 1
        line 2
"
    );
    assert_eq!(log.text(), expected);
}

#[test]
fn no_escape_codes_without_a_terminal() {
    for (format, console) in [(Format::Auto, false), (Format::Console, true)] {
        let memory = Memory::default();
        let mut settings = LoggingSettings::default();
        settings.format = format;
        let output = Box::new(memory.clone());
        let logging = Logging::with_output(settings, &common::service(), Clock::system(), output);
        let subscriber = {
            use tracing_subscriber::layer::SubscriberExt;
            tracing_subscriber::registry().with(logging.layer())
        };
        tracing::subscriber::with_default(subscriber, || tracing::error!("hello"));
        assert!(logging.flush(SOON));
        let text = memory.text();
        assert!(!text.contains('\u{1b}') && text.starts_with('{') != console, "{text}");
    }
}

#[test]
fn a_long_message_is_cut_and_marked() {
    let log = Log::console();
    log.run(|| tracing::info!(target: "orders", n = 1, "{}", "x".repeat(20_000)));
    let text = log.text();
    let (message, rest) = text.split_once('…').unwrap();
    assert!(message.ends_with("xxx") && message.len() > 10_000, "{}", message.len());
    assert!(rest.contains("n=1") && rest.contains("line_cut=true"), "{rest}");
}

#[test]
fn letters_that_command_a_display_are_escaped() {
    let log = Log::console();
    log.run(|| {
        let path = "/\u{9b}2J\u{202e}gpj\u{2028}";
        log.begin(Get { path, ..Get::default() }).headers(HEAD);
        tracing::info!(name = "\u{85}\u{61c}\u{2066}", "two\u{200f}");
    });
    let text = log.text();
    assert!(
        !text.contains(|letter: char| is_display_control(letter) && letter != '\n'),
        "{text:?}"
    );
    assert!(text.contains("path=\"/\\u{9b}2J\\u{202e}gpj\\u{2028}\""), "{text}");
    assert!(text.contains("two\\u{200f} name=\"\\u{85}\\u{61c}\\u{2066}\""), "{text}");
}
