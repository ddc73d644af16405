//! Every tool, as data: a new one is one entry here and one name in the list that needs it.

use super::cache;

/// One program that tests or CI start.
#[derive(Debug)]
pub(crate) struct Tool {
    /// As tests report it (`backend: NAME VERSION`) and as `cargo xtask tools NAME` takes it.
    pub(crate) name: &'static str,
    pub(crate) binary: &'static str,
    /// Arguments that make it print its version; a Python tool is not asked.
    pub(crate) version_args: &'static [&'static str],
    pub(crate) source: Source,
}

/// Where a tool comes from when it is missing.
#[derive(Debug)]
pub(crate) enum Source {
    Apt {
        package: &'static str,
        /// A folder beside PATH with one folder per version, each with a `bin`.
        versions_in: Option<&'static str>,
    },
    /// The crate of the tool's name, compiled into the tool cache.
    Cargo {
        version: &'static str,
        /// Only this version will do: what it reports decides whether CI passes.
        exact: bool,
    },
    /// The package of the tool's name, in a virtual environment in the tool cache and nowhere else.
    Python { version: &'static str },
}

pub(crate) const CARGO_NEXTEST: Tool = Tool {
    name: "cargo-nextest",
    binary: "cargo-nextest",
    version_args: &["nextest", "--version"],
    source: Source::Cargo { version: "0.9.143", exact: false },
};

const CARGO_DENY: Tool = Tool {
    name: "cargo-deny",
    binary: "cargo-deny",
    version_args: &["--version"],
    source: Source::Cargo { version: "0.20.2", exact: true },
};

const CARGO_HACK: Tool = Tool {
    name: "cargo-hack",
    binary: "cargo-hack",
    version_args: &["hack", "--version"],
    source: Source::Cargo { version: "0.6.46", exact: true },
};

/// Only `cargo xtask full fuzz` needs it.
pub(crate) const CARGO_FUZZ: Tool = Tool {
    name: "cargo-fuzz",
    binary: "cargo-fuzz",
    version_args: &["fuzz", "--version"],
    source: Source::Cargo { version: "0.13.2", exact: false },
};

/// A backend of tests, and what `cargo xtask full compat` asks.
pub(crate) const PROMETHEUS: Tool = Tool {
    name: "prometheus",
    binary: "prometheus",
    version_args: &["--version"],
    source: Source::Apt { package: "prometheus", versions_in: None },
};

const PROMTOOL: Tool = Tool {
    name: "promtool",
    binary: "promtool",
    version_args: &["--version"],
    source: Source::Apt { package: "prometheus", versions_in: None },
};

const PUSHGATEWAY: Tool = Tool {
    name: "pushgateway",
    binary: "prometheus-pushgateway",
    version_args: &["--version"],
    source: Source::Apt { package: "prometheus-pushgateway", versions_in: None },
};

const POSTGRESQL: Tool = Tool {
    name: "postgresql",
    binary: "initdb",
    version_args: &["--version"],
    source: Source::Apt { package: "postgresql", versions_in: Some("/usr/lib/postgresql") },
};

const VALGRIND: Tool = Tool {
    name: "valgrind",
    binary: "valgrind",
    version_args: &["--version"],
    source: Source::Apt { package: "valgrind", versions_in: None },
};

/// A collector, written in Rust and published as a Python package. It calls itself 0.0.1-alpha10.
const ROTEL: Tool = Tool {
    name: "rotel",
    binary: "rotel-agent",
    version_args: &[],
    source: Source::Python { version: "0.0.1a15" },
};

const BUGSINK: Tool = Tool {
    name: "bugsink",
    binary: "bugsink-manage",
    version_args: &[],
    source: Source::Python { version: "2.6.1" },
};

/// A library: what tests start is the `python` that can import it.
const SENTRY_RELAY: Tool = Tool {
    name: "sentry-relay",
    binary: "python",
    version_args: &[],
    source: Source::Python { version: "0.10.1" },
};

/// What tests talk to: without one of these, the suites that need it skip.
pub(crate) const TEST_BACKENDS: &[&Tool] = &[
    &PROMETHEUS,
    &PROMTOOL,
    &POSTGRESQL,
    &PUSHGATEWAY,
    &VALGRIND,
    &ROTEL,
    &BUGSINK,
    &SENTRY_RELAY,
];

/// What all stages of CI need.
pub(crate) const ALL: &[&Tool] = &[
    &CARGO_DENY,
    &CARGO_HACK,
    &CARGO_NEXTEST,
    &PROMETHEUS,
    &PROMTOOL,
    &PUSHGATEWAY,
    &POSTGRESQL,
    &VALGRIND,
    &ROTEL,
    &BUGSINK,
    &SENTRY_RELAY,
];

impl Tool {
    /// Its name, its binary if that is called otherwise, and how a person installs it.
    pub(crate) fn missing(&self) -> String {
        let how = match self.source {
            Source::Apt { package, .. } => {
                format!("apt-get install --no-install-recommends {package}")
            }
            Source::Python { version } => {
                let folder = cache::folder(self.name, version)
                    .map_or_else(|_| "VENV".to_owned(), |folder| folder.display().to_string());
                let package = format!("{}=={version}", self.name);
                return format!(
                    "{}: python3 -m venv {folder} && {folder}/bin/pip install {package}",
                    self.name
                );
            }
            Source::Cargo { version, .. } => {
                format!("cargo install --locked {}@{version}", self.name)
            }
        };
        match self.name == self.binary {
            true => format!("{}: {how}", self.name),
            false => format!("{} ({}): {how}", self.name, self.binary),
        }
    }
}
