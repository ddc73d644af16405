//! Asking a program for its version.

use std::{path::Path, process::Command};

use anyhow::{Context, Result};

/// The version that `binary` reports of itself.
pub(super) fn of(binary: &Path, args: &[&str]) -> Result<String> {
    let output = Command::new(binary)
        .args(args)
        .output()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    // Some releases of Prometheus write it to stderr.
    let text = [output.stdout, output.stderr].concat();
    first_in(&String::from_utf8_lossy(&text)).with_context(|| {
        format!(
            "{} {} printed no version; is it broken? Reinstall it or take it off PATH",
            binary.display(),
            args.join(" ")
        )
    })
}

/// The first run of numbers with dots between them: `15.18` in `initdb (PostgreSQL) 15.18 (Debian ...)`.
fn first_in(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|run| run.trim_matches('.'))
        .find(|run| run.contains('.'))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::first_in;

    #[test]
    fn versions_are_found_as_the_tools_print_them() {
        for (printed, version) in [
            (
                "prometheus, version 2.42.0+ds (branch: debian/sid)\n  go version: go1.19.8",
                "2.42.0",
            ),
            ("initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "15.18"),
            ("cargo-nextest 0.9.143 (60fa45f63 2026-08-04)", "0.9.143"),
            ("valgrind-3.19.0", "3.19.0"),
            ("Redis server v=7.0.15 sha=00000000:0 bits=64", "7.0.15"),
        ] {
            assert_eq!(first_in(printed).as_deref(), Some(version), "{printed}");
        }
    }

    #[test]
    fn text_without_a_version_has_none() {
        assert_eq!(first_in(""), None);
        assert_eq!(first_in("error: unknown option 5 ... see 'help'."), None);
    }
}
