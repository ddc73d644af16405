//! What the library itself has to say: rare, never per request.

use tracing::subscriber::NoSubscriber;

/// Says `text` in the application's log, or on standard error if there is none yet.
pub fn info(text: &str) {
    if heard() {
        tracing::info!(target: "obs", "{text}");
    } else {
        print(text);
    }
}

/// Like [`info`], for something that wants to be mended.
pub fn warn(text: &str) {
    if heard() {
        tracing::warn!(target: "obs", "{text}");
    } else {
        print(&format!("warning: {text}"));
    }
}

/// Not `has_been_set`: it is true as soon as any thread has turned its own log off.
fn heard() -> bool {
    tracing::dispatcher::get_default(|log| !log.is::<NoSubscriber>())
}

#[allow(clippy::print_stderr, reason = "the only place that prints")]
fn print(text: &str) {
    eprintln!("obs: {text}");
}
