//! `cargo xtask test`: every test, against real backends, and which ones these were.

mod junit;
mod run;
mod suite;
mod summary;

use std::ffi::OsString;

use anyhow::{Context, Result, ensure};

use self::{run::Runner, summary::Summary};
use crate::tools::{self, CARGO_NEXTEST, Install, TEST_BACKENDS};

/// What `cargo xtask test` accepts.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// Install nothing: use the backends that are here, skip the suites that need others.
    #[arg(long)]
    no_install: bool,

    /// Arguments of `cargo nextest run`, after `--`: filters, packages. Doc tests are left out then.
    #[arg(last = true)]
    nextest: Vec<OsString>,
}

const AFTER_HELP: &str = "\
Backends are looked for on PATH and in the tool cache; missing ones come from apt-get if that needs no
password, or from pip into the cache. What still is missing is skipped, and listed at the end. With CI=true nothing may be missing and nothing may be skipped.

Examples:
  cargo xtask test
  cargo xtask test -- -p obs-metrics
  cargo xtask test -- --test prometheus scrape";

pub(crate) fn run(args: Args) -> Result<()> {
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let install = if args.no_install { Install::Never } else { Install::Allowed };
    let nextest = tools::ensure(&[&CARGO_NEXTEST], install)?;
    let backends = tools::ensure(TEST_BACKENDS, install)?;
    if ci {
        backends.all().context("CI=true: tests must not skip for want of a backend")?;
    }

    let path = tools::search_path(nextest.all()?.iter().chain(&backends.found))?;
    let runner = Runner::new(path, ci)?;
    let (tests, suites) = runner.nextest(&args.nextest)?;
    let everything = args.nextest.is_empty();
    let doc_tests = if everything { Some(runner.doc_tests()?) } else { None };

    // A run that stopped early, or was filtered, proves nothing about what is not used.
    let whole = everything && tests.success();
    let unused = if whole { suite::unused(&suites, &backends.found) } else { Vec::new() };
    let summary = Summary { suites: &suites, missing: &backends.missing, unused: &unused };
    println!("\n{summary}");

    let mut faults = Vec::new();
    if !tests.success() {
        faults.push("tests failed; nextest names them above");
    }
    if doc_tests.is_some_and(|status| !status.success()) {
        faults.push("doc tests failed, see above");
    }
    if ci && summary.skipped() > 0 {
        faults.push("tests were skipped, and CI=true allows none; their lines say what they need");
    }
    if ci && !unused.is_empty() {
        faults.push("a backend is here but no test prints `backend: NAME VERSION` for it; see the lines above");
    }
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}
