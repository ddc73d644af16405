//! What the library itself has to say: rare, never per request.

/// Says `text` in the application's log, or on standard error if there is none yet.
pub fn info(text: &str) {
    if tracing::dispatcher::has_been_set() {
        tracing::info!(target: "obs", "{text}");
    } else {
        print(text);
    }
}

/// Like [`info`], for something that wants to be mended.
pub fn warn(text: &str) {
    if tracing::dispatcher::has_been_set() {
        tracing::warn!(target: "obs", "{text}");
    } else {
        print(&format!("warning: {text}"));
    }
}

#[allow(clippy::print_stderr, reason = "the only place that prints")]
fn print(text: &str) {
    eprintln!("obs: {text}");
}
