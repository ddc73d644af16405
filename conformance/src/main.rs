//! The suite, for the adapters of this workspace.

use std::process::ExitCode;

fn main() -> ExitCode {
    obs_conformance::main(obs_conformance::subjects::ALL)
}
