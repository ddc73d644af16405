//! `cargo xtask demo`.

/// What `cargo xtask demo` accepts.
#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("under construction")
}
