//! Both errors of redaction, measured: secrets that are shown, innocent texts that are touched.
//!
//! `cargo test -p obs-kit-core --test redaction -- --nocapture` prints the rates.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that prints what it measured")]

use std::collections::BTreeMap;
use std::path::Path;

use obs_core::redact::{Clean, LOOKAHEAD, text};
use serde::Deserialize;

#[derive(Deserialize)]
struct Corpus {
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    kind: String,
    text: String,
    #[serde(default)]
    secret: Vec<String>,
}

fn read(name: &str) -> Vec<Entry> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/redaction/corpus");
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    toml::from_str::<Corpus>(&text).unwrap().entry
}

/// Prints how many entries fail, and how many of each kind; with `OBS_REDACTION_SHOW` also which.
fn failing(name: &str, fails: impl Fn(&Entry) -> bool) -> (usize, usize) {
    let entries = read(name);
    let failed: Vec<&Entry> = entries.iter().filter(|entry| fails(entry)).collect();
    let mut kinds = BTreeMap::new();
    failed.iter().for_each(|entry| *kinds.entry(&*entry.kind).or_insert(0) += 1);
    let rate = 100.0 * failed.len() as f64 / entries.len() as f64;
    println!("{name}: {} of {} fail ({rate:.1} %) {kinds:?}", failed.len(), entries.len());
    if std::env::var_os("OBS_REDACTION_SHOW").is_some() && !name.contains("held") {
        failed.iter().for_each(|entry| println!("  {:?}\n  {:?}", entry.text, text(&entry.text)));
    }
    (failed.len(), entries.len())
}

fn shows(entry: &Entry) -> bool {
    let clean = text(&entry.text);
    entry.secret.iter().any(|secret| clean.contains(secret))
}

#[test]
fn no_secret_is_shown() {
    assert_eq!(failing("secrets.toml", shows).0, 0);
}

#[test]
fn few_innocent_texts_are_touched() {
    let (touched, all) = failing("innocents.toml", |entry| text(&entry.text) != entry.text);
    assert!(touched * 50 <= all, "{touched} of {all}");
}

#[test]
fn no_secret_of_the_held_part_is_shown() {
    assert_eq!(failing("secrets_held.toml", shows).0, 0);
}

#[test]
fn few_innocent_texts_of_the_held_part_are_touched() {
    let (touched, all) = failing("innocents_held.toml", |entry| text(&entry.text) != entry.text);
    assert!(touched * 50 <= all, "{touched} of {all}");
}

#[test]
fn redacted_twice_is_redacted_once() {
    for entry in ["secrets.toml", "innocents.toml"].into_iter().flat_map(read) {
        let once = text(&entry.text);
        assert_eq!(text(&once), once, "of {:?}", entry.text);
    }
}

/// What is shown of a cut text is the beginning of what is shown of the whole one, wherever the bound
/// falls: also in the middle of a secret, and also if the text goes on for longer than is looked at.
#[test]
fn no_cut_shows_a_piece_of_a_secret() {
    for entry in read("secrets.toml") {
        let long = format!("{} {}", entry.text, "y ".repeat(LOOKAHEAD));
        for message in [&entry.text, &long] {
            let whole = text(message);
            for max in 0..=entry.text.len() {
                let Clean { text, .. } = Clean::of(message, max);
                assert!(whole.starts_with(&*text), "{max} of {:?}: {text:?}", entry.text);
            }
        }
    }
}
