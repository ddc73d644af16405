//! The programs that tests and CI need: where they are, which version, and how they get here.
//!
//! Looked for on PATH, then where the distribution hides them, then in the tool cache; Python tools only there.
//! What is missing comes from apt where that is possible without asking for a password, or from `cargo install`
//! or pip into the cache.

mod apt;
mod cache;
mod cargo;
mod command;
mod find;
mod python;
mod table;
mod version;

use anyhow::{Result, bail};

pub(crate) use self::{
    cargo::program as cargo_program,
    command::{Args, run},
    find::{Found, search_path},
    table::{CARGO_FUZZ, CARGO_NEXTEST, PROMETHEUS, TEST_BACKENDS, Tool},
};
use self::{find::find, table::Source};

/// May this run change the machine?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Install {
    Allowed,
    Never,
}

/// What there is of what was wanted.
pub(crate) struct Tools {
    pub(crate) found: Vec<Found>,
    pub(crate) missing: Vec<&'static Tool>,
}

impl Tools {
    /// What was found, if that is everything; otherwise an error that says how to install the rest.
    pub(crate) fn all(&self) -> Result<&[Found]> {
        if self.missing.is_empty() {
            return Ok(&self.found);
        }
        let lines: Vec<String> = self.missing.iter().map(|tool| tool.missing()).collect();
        bail!("missing here and not installed:\n  {}", lines.join("\n  "))
    }
}

/// Finds the wanted tools and installs those that are missing, if it may.
///
/// A tool that cannot be installed is reported on stderr and listed as missing: whether that is an error is for
/// the caller to say.
pub(crate) fn ensure(wanted: &[&'static Tool], install: Install) -> Result<Tools> {
    let tools = look(wanted)?;
    if tools.missing.is_empty() || install == Install::Never {
        return Ok(tools);
    }
    let mut packages = Vec::new();
    let mut environments = Vec::new();
    for tool in tools.missing {
        match tool.source {
            Source::Apt { package, .. } => packages.push(package),
            Source::Cargo { version, .. } => complain(cargo::install(tool.name, version)),
            Source::Python { version } => environments.push((tool, version)),
        }
    }
    if !environments.is_empty() && !python::can_install() {
        packages.extend(python::PACKAGES);
    }
    packages.sort_unstable();
    packages.dedup();
    if !packages.is_empty() {
        complain(apt::install(&packages));
    }
    for (tool, version) in environments {
        complain(python::install(tool.name, version, tool.binary));
    }
    look(wanted)
}

fn look(wanted: &[&'static Tool]) -> Result<Tools> {
    let mut tools = Tools { found: Vec::new(), missing: Vec::new() };
    for tool in wanted.iter().copied() {
        match find(tool)? {
            Some(found) => tools.found.push(found),
            None => tools.missing.push(tool),
        }
    }
    Ok(tools)
}

fn complain(outcome: Result<()>) {
    if let Err(error) = outcome {
        eprintln!("{error:#}");
    }
}
