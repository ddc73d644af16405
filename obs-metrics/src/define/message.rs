//! What a definition that does not compile says.

const LENGTH: usize = 512;

/// Ends the compilation: `metric NAME: FAULT`.
#[track_caller]
#[allow(clippy::panic, reason = "the compiler's, not the service's")]
pub(super) const fn fail(name: &str, fault: &[&str]) -> ! {
    let mut text = [0; LENGTH];
    let mut len = append(&mut text, 0, "metric `");
    len = append(&mut text, len, name);
    len = append(&mut text, len, "`: ");
    let mut at = 0;
    while at < fault.len() {
        len = append(&mut text, len, fault[at]);
        at += 1;
    }
    match std::str::from_utf8(text.split_at(len).0) {
        Ok(text) => panic!("{}", text),
        // Cut in a character.
        Err(_) => panic!("a metric is not defined well"),
    }
}

const fn append(text: &mut [u8; LENGTH], mut len: usize, more: &str) -> usize {
    let more = more.as_bytes();
    let mut at = 0;
    while at < more.len() && len < LENGTH {
        text[len] = more[at];
        len += 1;
        at += 1;
    }
    len
}
