//! `cargo xtask features`: obs-axum with none of its features, each alone, and all.

mod table;
mod test;
mod tree;

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use self::tree::Tree;
use crate::tools;

/// What `cargo xtask features` accepts.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Leave out the trees: print the table only.
    #[arg(long)]
    brief: bool,
}

/// Some of the features.
struct Choice {
    name: String,
    features: Vec<String>,
}

/// What was found out about a choice.
struct Row {
    name: String,
    crates: usize,
    tests: test::Tests,
}

pub(crate) fn run(args: Args) -> Result<()> {
    let choices = choices()?;
    let mut rows = Vec::new();
    for (index, Choice { name, features }) in choices.iter().enumerate() {
        eprintln!("[{}/{}] {name}", index + 1, choices.len());
        let tree = Tree::of(features)?;
        if !args.brief {
            println!("\n{name}: {} crates, each where it first comes in\n{tree}", tree.crates());
        }
        let tests = test::run(features)?;
        rows.push(Row { name: name.clone(), crates: tree.crates(), tests });
    }
    println!("{}", table::render(&rows));
    let failed: Vec<&str> =
        rows.iter().filter(|row| !row.tests.passed()).map(|row| row.name.as_str()).collect();
    ensure!(
        failed.is_empty(),
        "failed, or without a test of its own in obs-axum/tests/features: {}; see above",
        failed.join(", ")
    );
    Ok(())
}

/// All features are on by default, so that the default names them.
fn choices() -> Result<Vec<Choice>> {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../obs-axum/Cargo.toml");
    let manifest = std::fs::read_to_string(FILE).context("cannot read obs-axum/Cargo.toml")?;
    let manifest: Manifest = toml::from_str(&manifest).context("obs-axum/Cargo.toml")?;
    let all = manifest.features.default;
    let choice = |name: &str, features: &[String]| Choice {
        name: name.to_owned(),
        features: features.to_vec(),
    };
    let mut choices = vec![choice("none", &[])];
    choices.extend(all.iter().map(|feature| choice(feature, std::slice::from_ref(feature))));
    choices.push(choice("all", &all));
    Ok(choices)
}

#[derive(serde::Deserialize)]
struct Manifest {
    features: Features,
}

#[derive(serde::Deserialize)]
struct Features {
    default: Vec<String>,
}

/// A cargo command about obs-axum with these features.
fn cargo(command: &str, features: &[String]) -> Command {
    let mut cargo = Command::new(tools::cargo_program());
    cargo
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args([command, "--locked", "--package", "obs-axum", "--no-default-features"])
        .arg(format!("--features={}", features.join(",")));
    cargo
}

#[cfg(test)]
mod tests {
    use super::choices;

    #[test]
    fn none_each_and_all() {
        let choices = choices().unwrap();
        let names: Vec<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
        assert_eq!(
            names,
            ["none", "metrics", "health", "logging", "tracing", "errors", "admin", "all"]
        );
        let counts: Vec<usize> = choices.iter().map(|choice| choice.features.len()).collect();
        assert_eq!(counts, [0, 1, 1, 1, 1, 1, 1, 6]);
    }
}
