//! Every public function that takes a text takes any text: 4 MiB of each hostile shape, on a small
//! stack. The list of these functions is compared with the sources of the crates.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

use std::collections::BTreeSet;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use obs_core::redact::{Clean, Written, bounded, bounded_bytes, floor, is_secret_name, text};
use obs_core::source::{is_label_name, is_metric_name};
use obs_core::{
    Call, CallKind, CallSite, ErrorRecord, Exchange, Facts, Headers, Lifecycle, MAX_CALL_TEXT,
    RequestId, Route, TraceState, config,
};

const LENGTH: usize = 4 * 1024 * 1024;
const SHAPES: [&str; 24] = [
    "token ",
    "basic ",
    "token=",
    "password=\"",
    "pwd=(",
    "x://a:b/",
    "://",
    "<password ",
    "&lt;token&gt;",
    "--password ",
    "Password(",
    "eyJ",
    "-----BEGIN ",
    "sk-/",
    "sid=",
    "pin%3D",
    "name=\"token\" ",
    "cookie=",
    "[[[[",
    "\\\\\\\"",
    "\u{202e}",
    "é",
    ",,,,",
    "a",
];

/// Those that are run with every shape.
const RUN: [&str; 20] = [
    "obs-core/src/call/running.rs fail",
    "obs-core/src/call/site.rs dynamic",
    "obs-core/src/config/pairs.rs pairs",
    "obs-core/src/config/pairs.rs percent_decode",
    "obs-core/src/context/mod.rs add",
    "obs-core/src/error_record.rs of",
    "obs-core/src/error_record.rs of_boxed",
    "obs-core/src/error_record.rs of_text",
    "obs-core/src/error_record.rs of_written",
    "obs-core/src/redact/bounded.rs bounded",
    "obs-core/src/redact/bounded.rs bounded_bytes",
    "obs-core/src/redact/bounded.rs floor",
    "obs-core/src/redact/bounded.rs of",
    "obs-core/src/redact/name.rs is_secret_name",
    "obs-core/src/redact/text.rs text",
    "obs-core/src/request_id.rs accept",
    "obs-core/src/source/names.rs is_label_name",
    "obs-core/src/source/names.rs is_metric_name",
    "obs-core/src/trace_state.rs get",
    "obs-core/src/trace_state.rs parse",
];

/// Those that never see what a client sends, and why, or that are private and run elsewhere.
const OTHERS: [(&str, &str); 39] = [
    ("obs-core/src/call/running.rs attribute", "hands over to redact::bounded"),
    ("obs-core/src/call/running.rs server", "hands over to Call::attribute"),
    ("obs-core/src/call/site.rs cache", "names from the program"),
    ("obs-core/src/call/site.rs database", "names from the program"),
    ("obs-core/src/call/site.rs http", "names from the program"),
    ("obs-core/src/call/site.rs messaging", "names from the program"),
    ("obs-core/src/call/site.rs new", "names from the program"),
    ("obs-core/src/config/reader.rs choice", "a variable of the operator's"),
    ("obs-core/src/config/reader.rs fault", "a variable of the operator's"),
    ("obs-core/src/config/reader.rs flag", "a variable of the operator's"),
    ("obs-core/src/config/reader.rs from_lookup", "a variable of the operator's"),
    ("obs-core/src/config/reader.rs ignored", "a variable of the operator's"),
    ("obs-core/src/config/reader.rs millis", "a variable of the operator's"),
    ("obs-core/src/config/reader.rs off", "a variable of the operator's"),
    ("obs-core/src/config/reader.rs parse", "a variable of the operator's"),
    ("obs-core/src/config/reader.rs part_fault", "a variable of the operator's"),
    ("obs-core/src/config/reader.rs text", "a variable of the operator's"),
    ("obs-core/src/config/variables/mod.rs find", "a variable of the operator's"),
    ("obs-core/src/context/mod.rs set_route", "a pattern from the program"),
    ("obs-core/src/failure.rs add", "hands over to RequestContext::add"),
    ("obs-core/src/failure.rs answer", "a reason phrase from the program"),
    ("obs-core/src/failure.rs text", "hands over to ErrorRecord::of_text"),
    ("obs-core/src/inject.rs inject_with", "gives texts, takes none"),
    ("obs-core/src/job.rs job", "a name from the program"),
    ("obs-core/src/mutant.rs is", "a name from the conformance suite"),
    ("obs-core/src/notice.rs info", "our own notices"),
    ("obs-core/src/notice.rs on_stderr", "our own notices"),
    ("obs-core/src/notice.rs warn", "our own notices"),
    ("obs-core/src/response.rs request_header", "a request id that was accepted"),
    ("obs-core/src/response.rs response_headers", "gives texts, takes none"),
    ("obs-core/src/source/family.rs new", "a name and a help text from the program"),
    ("obs-core/src/source/family.rs with_unit", "a unit from the program"),
    ("obs-core/src/source/label_set.rs new", "labels from the program, bounded by 128 letters"),
    ("obs-core/src/spans/visit.rs get", "a name from the program"),
    ("obs-core/src/trace_state.rs with", "our own member"),
    ("obs-core/src/value.rs from_static", "a text from the program"),
    ("obs-health/src/health.rs show_off", "names of our signals"),
    ("obs-tracing/src/trace_parent.rs parse", "55 bytes are looked at; its fuzz target runs it"),
    ("obs-tracing/src/trusted_proxies.rs parse", "a variable of the operator's"),
];

#[test]
fn every_public_function_that_takes_a_text_is_listed() {
    let known: BTreeSet<String> =
        RUN.iter().chain(OTHERS.iter().map(|(name, _)| name)).map(ToString::to_string).collect();
    let found = found();
    let new: Vec<_> = found.difference(&known).collect();
    assert!(new.is_empty(), "add to RUN, or to OTHERS with the reason: {new:?}");
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(gone.is_empty(), "there is no such function: {gone:?}");
}

/// The public functions of the sources that take a text or an error.
fn found() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let crates = ["obs-core", "obs-errors", "obs-health", "obs-logging", "obs-otlp", "obs-tracing"];
    let mut found = BTreeSet::new();
    let mut folders: Vec<_> = crates.map(|name| root.join(name).join("src")).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let source = source.split("#[cfg(test)]\nmod ").next().unwrap();
            let code: Vec<_> =
                source.lines().map(|line| line.split("//").next().unwrap()).collect();
            let place = path.strip_prefix(root).unwrap().display();
            found.extend(signatures(&code.join("\n")).map(|name| format!("{place} {name}")));
        }
    }
    found
}

fn signatures(code: &str) -> impl Iterator<Item = &str> {
    code.split("pub ").skip(1).filter_map(|item| {
        let item = item.strip_prefix("const ").unwrap_or(item);
        let item = item.strip_prefix("async ").unwrap_or(item).strip_prefix("fn ")?;
        let head = item.split(['{', ';']).next()?.split("->").next()?;
        let word = |letter: char| !(letter.is_alphanumeric() || letter == '_');
        let takes = head.split(word).any(|word| word == "str")
            || ["[u8]", "dyn Error", ": Error "].iter().any(|part| head.contains(part));
        takes.then(|| head.split(word).next().unwrap_or_default())
    })
}

/// A request with hostile texts.
struct Get(String);

impl Facts for Get {
    fn method(&self) -> &str {
        &self.0
    }
    fn path(&self) -> &str {
        &self.0
    }
    fn route(&self) -> Option<Route<'_>> {
        None
    }
}

impl Headers for Get {
    fn get(&self, _: &str) -> Option<&[u8]> {
        Some(self.0.as_bytes())
    }
}

static SITE: CallSite = CallSite::new(CallKind::Other, "x", "y", "z");

fn run(hostile: &str) {
    black_box(text(hostile));
    black_box(Clean::of(hostile, 2048));
    assert!(bounded(hostile, 2048).len() <= 2048);
    assert!(bounded_bytes(hostile.as_bytes(), 512).len() <= 512);
    black_box(is_secret_name(hostile));
    assert!(floor(hostile, 2049) <= 2049);
    let mut written = Written::new(2048);
    assert!(written.take(format_args!("{hostile}")).len() < 8192);
    assert!(ErrorRecord::of_text("x", hostile).chain[0].len() <= 2048);
    let written = ErrorRecord::of_written("x", format_args!("{hostile}{hostile}"));
    assert!(written.chain[0].len() <= 2048);
    let error = std::io::Error::other(hostile.to_owned());
    assert!(ErrorRecord::of(&error).message().len() <= 2048);
    assert!(ErrorRecord::of_boxed(hostile.to_owned()).message().len() <= 2048);
    let site = CallSite::dynamic(CallKind::Other, hostile, hostile, hostile);
    assert!(site.target().len() <= MAX_CALL_TEXT);
    assert!(RequestId::accept(hostile.as_bytes()).is_none());
    black_box(config::pairs(hostile));
    black_box(is_metric_name(hostile) | is_label_name(hostile));
    let state = TraceState::parse(hostile.as_bytes());
    black_box(state.as_ref().map(|state| state.get("ot").map(str::len)));
    let (facts, headers) = (Get(hostile.to_owned()), Get(hostile.to_owned()));
    let exchange = Exchange::begin(Arc::new(Lifecycle::new(())), facts, &headers);
    let context = exchange.context().unwrap();
    context.add("x", hostile.to_owned());
    context.add("y", hostile);
    context.scope(|| Call::begin(&SITE).fail(&error));
    assert!(context.fields()[0].1.size() <= 8192);
    black_box(config::percent_decode(hostile));
}

#[test]
fn any_text_on_a_small_stack() {
    let all = std::thread::Builder::new().stack_size(256 * 1024);
    all.spawn(|| SHAPES.iter().for_each(|shape| run(&shape.repeat(LENGTH / shape.len()))))
        .unwrap()
        .join()
        .unwrap();
}
