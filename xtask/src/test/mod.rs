//! `cargo xtask test`.

/// What `cargo xtask test` accepts.
#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("under construction")
}
