//! `cargo xtask tools`: what CI runs before its stages.

use anyhow::Result;
use clap::builder::PossibleValuesParser;

use super::{Found, Install, Tool, ensure, search_path, table::ALL};

/// What `cargo xtask tools` accepts.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The tools to find or install; without a name, all of them.
    #[arg(value_parser = PossibleValuesParser::new(ALL.iter().map(|tool| tool.name)))]
    names: Vec<String>,

    /// Change nothing on this machine: fail and say how to install what is missing.
    #[arg(long)]
    no_install: bool,
}

/// Prints the PATH to use on stdout, and what was found on stderr.
pub(crate) fn run(args: Args) -> Result<()> {
    let wanted: Vec<&'static Tool> = ALL
        .iter()
        .copied()
        .filter(|tool| args.names.is_empty() || args.names.iter().any(|name| name == tool.name))
        .collect();
    let install = if args.no_install { Install::Never } else { Install::Allowed };
    let tools = ensure(&wanted, install)?;
    for Found { tool, version, path } in &tools.found {
        eprintln!("{} {version} is {}", tool.name, path.display());
    }
    println!("{}", search_path(tools.all()?)?.display());
    Ok(())
}
