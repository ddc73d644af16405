//! What is compiled: the crates that `cargo tree` finds.

use std::collections::BTreeSet;
use std::fmt;
use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};

/// Each crate once, with its depth.
pub(super) struct Tree(Vec<(usize, String)>);

impl Tree {
    /// Of obs-axum with these features, without what only builds and tests need.
    pub(super) fn of(features: &[String]) -> Result<Self> {
        let output = super::cargo("tree", features)
            .args(["--edges", "normal", "--prefix", "depth", "--color", "never"])
            .stderr(Stdio::inherit())
            .output()
            .context("cannot start cargo")?;
        ensure!(output.status.success(), "cargo tree failed, see above");
        Ok(Self::parse(&String::from_utf8(output.stdout)?))
    }

    /// Lines such as `12serde v1.0.2 (*)`.
    fn parse(text: &str) -> Self {
        let mut seen = BTreeSet::new();
        let lines = text.lines().filter_map(|line| {
            let name = line.trim_start_matches(|digit: char| digit.is_ascii_digit());
            let depth = line[..line.len() - name.len()].parse().ok()?;
            // What follows is a path, or says that it is a macro or was there before.
            let name = name.split(" (").next()?.to_owned();
            seen.insert(name.clone()).then_some((depth, name))
        });
        Self(lines.collect())
    }

    pub(super) fn crates(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(depth, name)| writeln!(f, "{:1$}{name}", "", 2 * depth))
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn each_crate_counts_once() {
        let tree = Tree::parse(
            "0obs-axum v0.1.0 (/somewhere/obs-axum)\n1axum v0.8.9\n2serde v1.0.2\n\
             3serde_derive v1.0.2 (proc-macro)\n1serde v1.0.2 (*)\n1syn v2.0.1\n1syn v3.0.0\n",
        );
        assert_eq!(tree.crates(), 6);
        assert_eq!(
            tree.to_string(),
            "obs-axum v0.1.0\n  axum v0.8.9\n    serde v1.0.2\n      serde_derive v1.0.2\n  \
             syn v2.0.1\n  syn v3.0.0\n"
        );
    }
}
