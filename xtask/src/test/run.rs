//! The two test runs.

use std::{
    ffi::OsString,
    fs, io,
    path::PathBuf,
    process::{Command, ExitStatus},
};

use anyhow::{Context, Result, bail, ensure};

use super::{junit, suite::Suite};
use crate::tools;

/// What is off by default and has tests of its own.
const FEATURES: &str =
    "obs-axum/native-histograms,obs-actix/native-histograms,obs-metrics/prometheus-client";
/// How nextest says that everything ran and some of it failed.
const TESTS_FAILED: i32 = 100;

pub(super) struct Runner {
    cargo: OsString,
    /// With the tools on it that are not on ours.
    path: OsString,
    workspace: PathBuf,
    profile: &'static str,
}

impl Runner {
    pub(super) fn new(path: OsString, ci: bool) -> Result<Self> {
        let cargo = tools::cargo_program();
        let located = Command::new(&cargo)
            .args(["locate-project", "--workspace", "--message-format", "plain"])
            .output()
            .context("cannot start cargo")?;
        ensure!(
            located.status.success(),
            "no workspace here: {}",
            String::from_utf8_lossy(&located.stderr).trim()
        );
        let manifest = PathBuf::from(String::from_utf8(located.stdout)?.trim_end());
        Ok(Self {
            cargo,
            path,
            workspace: manifest.parent().context("no folder of Cargo.toml")?.to_owned(),
            profile: if ci { "ci" } else { "default" },
        })
    }

    /// Runs the tests and reads back what each suite reported.
    pub(super) fn nextest(&self, filters: &[OsString]) -> Result<(ExitStatus, Vec<Suite>)> {
        let report = self.workspace.join("target/nextest").join(self.profile).join("junit.xml");
        match fs::remove_file(&report) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error)
                    .with_context(|| format!("cannot remove the old {}", report.display()));
            }
            _ => {}
        }
        let mut command = self.cargo(&["nextest", "run", "--profile", self.profile]);
        let command = if filters.is_empty() {
            command.args(["--workspace", "--features", FEATURES])
        } else {
            command.args(filters)
        };
        let status = command.status().context("cannot start cargo nextest")?;
        if !status.success() && status.code() != Some(TESTS_FAILED) {
            bail!("cargo nextest ended with {status}, see above");
        }
        let xml = fs::read_to_string(&report).with_context(|| {
            format!("nextest wrote no {}; see .config/nextest.toml", report.display())
        })?;
        Ok((status, junit::suites(&xml)?))
    }

    pub(super) fn doc_tests(&self) -> Result<ExitStatus> {
        let mut command = self.cargo(&["test", "--doc", "--workspace", "--features", FEATURES]);
        command.status().context("cannot start cargo test")
    }

    fn cargo(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.cargo);
        command.args(args).env("PATH", &self.path).current_dir(&self.workspace);
        command
    }
}
