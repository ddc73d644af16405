//! The lowest Rust that the libraries declare, if rustup has it here.

use std::process::Command;

/// The name of an installed toolchain of the version `declared`, such as `1.89.0-x86_64-unknown-linux-gnu`.
pub(super) fn toolchain(declared: &str) -> Option<String> {
    let output = Command::new("rustup").args(["toolchain", "list"]).output().ok()?;
    let list = String::from_utf8(output.stdout).ok()?;
    list.lines().find_map(|line| named(line, declared))
}

/// The name in a line of the list, if it is of that version.
fn named(line: &str, declared: &str) -> Option<String> {
    let name = line.split_whitespace().next()?;
    let rest = name.strip_prefix(declared)?;
    rest.starts_with(['.', '-']).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_toolchain_of_another_version_is_none() {
        assert_eq!(named("1.89.0-x86 (override)", "1.89").as_deref(), Some("1.89.0-x86"));
        assert_eq!(named("1.89-x86", "1.89").as_deref(), Some("1.89-x86"));
        assert_eq!(named("1.8.0-x86", "1.89"), None);
        assert_eq!(named("stable-x86 (default)", "1.89"), None);
    }
}
