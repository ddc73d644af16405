//! Any set of variables gives settings or faults: no panic, warnings that are bounded, no secret.
#![no_main]

use std::collections::BTreeMap;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use obs_core::config::{ConfigError, Fault, Problem, Reader, VARIABLES};
use obs_stack::Settings;

#[derive(Arbitrary, Debug)]
enum Name {
    Known(u8),
    Misspelt(u8, u8),
    Own(String),
}

#[derive(Arbitrary, Debug)]
enum Value {
    Text(String),
    /// Words that the variable knows, and others.
    List(Vec<(u8, Option<String>)>),
    Number(u32),
}

/// What the values of secrets begin with; it must not be in any message.
const SECRET: &str = "hunter2";
/// Unknown names, parts of RUST_LOG, and for each known variable what is wrong and what is ignored.
const MOST: usize = 20 + 8 + 2 * 200;

fuzz_target!(|variables: Vec<(Name, Value)>| {
    let variables: BTreeMap<_, _> = variables.into_iter().map(text).collect();
    let read = |strict: &'static str| {
        let strict = [("OBS_STRICT".to_owned(), strict.to_owned())];
        Settings::read(Reader::from_map(variables.clone().into_iter().chain(strict)))
    };
    let lenient = read("false");
    match &lenient {
        Ok(settings) => {
            check(&settings.warnings.faults);
            assert!(!settings.service.name.is_empty() && !settings.service.environment.is_empty());
            let levels = settings.logging.levels.to_string();
            assert_eq!(levels.parse(), Ok(settings.logging.levels.clone()));
            for off in &settings.warnings.off {
                assert!(variables.contains_key(&off.variable));
            }
            assert_eq!(read("false"), lenient);
        }
        Err(ConfigError { faults, .. }) => check(faults),
    }
    match read("true") {
        Ok(settings) => {
            let ignored = |fault: &Fault| matches!(fault.problem, Problem::Ignored { .. });
            assert!(settings.warnings.faults.iter().all(ignored));
            assert_eq!(lenient.as_ref(), Ok(&settings));
        }
        Err(ConfigError { faults, .. }) => check(&faults),
    }
});

fn check(faults: &[Fault]) {
    assert!(faults.len() <= MOST);
    for (at, fault) in faults.iter().enumerate() {
        let text = fault.to_string();
        assert!(text.len() < 8192, "{}", text.len());
        assert!(!text.contains(SECRET), "{text}");
        assert!(!faults[..at].contains(fault), "twice: {text}");
    }
}

fn text((name, value): (Name, Value)) -> (String, String) {
    let known = |number: u8| &VARIABLES[usize::from(number) % VARIABLES.len()];
    let (name, expected) = match name {
        Name::Known(number) => (known(number).name.to_owned(), known(number).expected),
        Name::Misspelt(number, letter) => {
            let mut name = known(number).name.to_owned();
            name.remove(usize::from(letter) % name.len());
            (name, known(number).expected)
        }
        Name::Own(name) => (name.replace(['\0', '='], "_"), ""),
    };
    let words: Vec<_> = expected.split('`').skip(1).step_by(2).collect();
    let value = match value {
        Value::Text(text) => text,
        Value::Number(number) => number.to_string(),
        Value::List(members) => {
            let members = members.into_iter().map(|(word, value)| {
                let word = words.get(usize::from(word) % words.len().max(1)).unwrap_or(&"a::b");
                value.map_or((*word).to_owned(), |value| format!("{word}={value}"))
            });
            members.collect::<Vec<_>>().join(",")
        }
    };
    let value = value.replace('\0', "");
    match name.as_str() {
        "SENTRY_DSN" | "OBS_PUSHGATEWAY_URL" => {
            (name, format!("https://{SECRET}:{SECRET}@{value}"))
        }
        _ if name.ends_with("_HEADERS") => (name, format!("{value},authorization {SECRET}")),
        _ => (name, value.replace(SECRET, "")),
    }
}
