//! What is seen, and what it says of itself to `tracing`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use obs_core::config::Reader;
use obs_logging::{Format, Levels, LoggingSettings};

use self::common::Log;

fn messages(levels: &str) -> Vec<String> {
    let log = Log::levels(levels);
    log.run(|| {
        tracing::error!("error");
        tracing::info!("info");
        tracing::debug!("debug");
        tracing::debug!(target: "my_crate::cart", "cart");
        tracing::trace!(target: "my_crate::cart", "trace");
    });
    log.lines().iter().map(|line| line.str("message").to_owned()).collect()
}

#[test]
fn levels_choose_events() {
    assert_eq!(messages("info"), ["error", "info"]);
    assert_eq!(messages("error"), ["error"]);
    assert_eq!(messages("off"), [""; 0]);
    assert_eq!(messages("WARN, my_crate=Debug"), ["error", "cart"]);
    assert_eq!(messages("my_crate=trace"), ["cart", "trace"]);
    assert_eq!(messages("info,,"), ["error", "info"]);
    assert_eq!(messages("trace,my_crate=off"), ["error", "info", "debug"]);
    assert_eq!(messages("3"), ["error", "info"]);
}

fn errors_of_clients(levels: &str) -> Vec<String> {
    let log = Log::levels(levels);
    log.run(|| {
        tracing::error!(target: "actix_http::h1::dispatcher", "dispatcher");
        tracing::error!(target: "actix_http::h1::decoder", "decoder");
        tracing::error!(target: "actix_http::h1::service", "service");
    });
    log.lines().iter().map(|line| line.str("message").to_owned()).collect()
}

#[test]
fn errors_that_clients_cause_are_off_unless_their_target_is_named() {
    let all = ["dispatcher", "decoder", "service"];
    for levels in ["info", "trace", "debug,my_crate=trace", "info,actix_web=debug"] {
        assert_eq!(errors_of_clients(levels), ["service"], "{levels}");
    }
    for levels in ["actix_http=debug", "info,actix_http", "info,actix=warn", "actix_http::h1=error"]
    {
        assert_eq!(errors_of_clients(levels), all, "{levels}");
    }
    let one = "info,actix_http::h1::dispatcher=error";
    assert_eq!(errors_of_clients(one), ["dispatcher", "service"]);
    assert_eq!(errors_of_clients("info,actix_http=off"), [""; 0]);
    assert_eq!(Levels::default(), "info".parse().unwrap());
}

/// As `EnvFilter` and `env_logger` have it.
#[test]
fn a_target_without_a_level_logs_everything() {
    assert_eq!(messages("my_crate"), ["cart", "trace"]);
    assert_eq!(messages("my_crate="), ["cart", "trace"]);
    assert_eq!(messages("info,my_crate"), ["error", "info", "cart", "trace"]);
    assert_eq!(messages("info,hyper"), ["error", "info"]);
    // A crate that is named almost like a level.
    assert!("warp".parse::<Levels>().is_ok() && "tracer".parse::<Levels>().is_ok());
}

#[test]
fn of_a_list_what_can_be_read_is_in_force_and_the_rest_is_named() {
    for (text, in_force, bad) in [
        ("a=info,b=debgu", "a=info", &["b=debgu"][..]),
        ("info,my[span]=debug", "info", &["my[span]=debug"]),
        ("warn,my[span{field=1}]=debug,a", "warn,a", &["my[span{field=1}]=debug"]),
        ("info,warn/message", "info", &["warn/message"]),
        ("inof", "info", &["inof"]),
        ("eror,a b=debug", "info", &["eror", "a b=debug"]),
        ("cart,race,crate", "cart,race,crate", &[]),
        ("info,", "info", &[]),
        (",", "info", &[]),
    ] {
        let (settings, warnings) = lenient(text);
        assert_eq!(settings.levels.to_string(), in_force, "{text}");
        assert_eq!(warnings.len(), bad.len(), "{text}: {warnings:?}");
        for (warning, bad) in warnings.iter().zip(bad) {
            let start = match text == *bad {
                true => format!("RUST_LOG={text:?}: expected off, error"),
                false => format!("RUST_LOG: of {text:?} the part {bad:?}: expected off, error"),
            };
            assert!(warning.starts_with(&start), "{warning}");
        }
    }
    let many = vec!["a=b"; 10_000].join(",");
    assert_eq!(lenient(&many).1.len(), 1, "each part once");
}

fn lenient(rust_log: &str) -> (LoggingSettings, Vec<String>) {
    let mut reader = Reader::from_map([("RUST_LOG", rust_log)]);
    let settings = LoggingSettings::read(&mut reader);
    let warnings = reader.outcome().unwrap().faults;
    (settings, warnings.iter().map(ToString::to_string).collect())
}

#[test]
fn spans_do_not_depend_on_the_level_of_events() {
    for levels in ["error", "off", "info,my_crate=off"] {
        Log::levels(levels).run(|| {
            assert!(!tracing::info_span!(target: "my_crate", "seen").is_disabled(), "{levels}");
            assert!(tracing::debug_span!(target: "my_crate", "not").is_disabled(), "{levels}");
        });
    }
    Log::levels("error,my_crate=debug").run(|| {
        assert!(!tracing::debug_span!(target: "my_crate", "seen").is_disabled());
        assert!(tracing::debug_span!(target: "other", "not").is_disabled());
    });
}

#[test]
fn what_is_no_level_is_a_fault() {
    for text in ["inof", ",", "", "a=b", "=info", "a[span]=info", "{x}=info", "info,a=b"] {
        assert!(text.parse::<Levels>().is_err(), "{text}");
    }
}

fn read(pairs: &[(&str, &str)]) -> Result<LoggingSettings, String> {
    let mut reader = Reader::from_map(pairs.iter().copied());
    let settings = LoggingSettings::read(&mut reader);
    reader.finish().map(|()| settings).map_err(|error| error.to_string())
}

#[test]
fn settings_from_the_environment() {
    assert_eq!(read(&[]), Ok(LoggingSettings::default()));
    let settings = read(&[
        ("RUST_LOG", "warn,my_crate=debug"),
        ("OBS_LOG_FORMAT", "Console"),
        ("OBS_LOG_BUFFER_BYTES", "4096"),
        ("OBS_ACCESS_LOG", "false"),
        ("NO_COLOR", "1"),
    ])
    .unwrap();
    assert_eq!(settings.levels.to_string(), "warn,my_crate=debug");
    assert_eq!((settings.format, settings.buffer_bytes), (Format::Console, 4096));
    assert!(!settings.access_log && !settings.color);
}

#[test]
fn all_faults_at_once() {
    let faults = read(&[
        ("OBS_STRICT", "true"),
        ("RUST_LOG", "inof"),
        ("OBS_LOG_FORMAT", "xml"),
        ("OBS_LOG_BUFFER_BYTES", "4095"),
        ("OBS_ACCESS_LOG", "yes"),
    ]);
    assert_eq!(
        faults.unwrap_err(),
        "4 environment variables cannot be used:\n  \
         OBS_LOG_FORMAT=\"xml\": expected one of auto, json, console\n  \
         OBS_LOG_BUFFER_BYTES=\"4095\": expected a whole number of bytes, 4096 to 1073741824\n  \
         OBS_ACCESS_LOG=\"yes\": expected one of true, false\n  \
         RUST_LOG=\"inof\": expected off, error, warn, info, debug, trace, target or target=level, \
         separated by commas, such as warn,my_crate=debug"
    );
}
