//! What the library itself has to say: rare, never per request.

use std::io::Write as _;

use tracing::subscriber::NoSubscriber;

use crate::is_display_control;

/// Says `text` in the application's log, or on standard error if there is none yet.
pub fn info(text: &str) {
    if heard() {
        tracing::info!(target: "obs", "{text}");
    } else {
        on_stderr(text);
    }
}

/// Like [`info`], for something that wants to be mended.
pub fn warn(text: &str) {
    if heard() {
        tracing::warn!(target: "obs", "{text}");
    } else {
        on_stderr(&format!("warning: {text}"));
    }
}

/// Like [`warn`], but on standard error also if the application's log leaves it out: for what is wrong
/// with the log's own settings, among others.
pub(crate) fn warn_in_any_case(text: &str) {
    if heard() && tracing::enabled!(target: "obs", tracing::Level::WARN) {
        tracing::warn!(target: "obs", "{text}");
    } else {
        on_stderr(&format!("warning: {text}"));
    }
}

/// Not `has_been_set`: it is true as soon as any thread has turned its own log off.
fn heard() -> bool {
    tracing::dispatcher::get_default(|log| !log.is::<NoSubscriber>())
}

/// Writes `text` to standard error, for what cannot go into the log.
pub fn on_stderr(text: &str) {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        // An error may have a text of a client's, and this may be a terminal.
        if is_display_control(letter) && !matches!(letter, '\n' | '\t') {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    // `eprintln!` panics if standard error is full or gone.
    let _ = writeln!(std::io::stderr(), "obs: {shown}");
}
