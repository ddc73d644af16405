//! The commands of this workspace; `cargo xtask --help` lists them.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program")]

mod bench;
mod conformance;
mod demo;
mod features;
mod full;
mod minimal;
mod overhead;
mod test;
mod tools;

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "The commands of this workspace",
    arg_required_else_help = true
)]
enum Command {
    /// Run the orders service under realistic traffic and show what obs-* saw.
    Demo(demo::Args),
    /// Run every test against real backends, installing what is missing where it may.
    Test(test::Args),
    /// Try every adapter with the same scenarios; `--mutants` tries the scenarios.
    Conformance(conformance::Args),
    /// Count what a request and the metric store cost, and compare it with benches/budgets.toml.
    Overhead(overhead::Args),
    /// Build and run obs-axum with none of its features, each alone and all; print what each needs.
    Features(features::Args),
    /// Build every library with the lowest versions of its dependencies that its manifest allows.
    Minimal(minimal::Args),
    /// Run what takes too long for CI: mutants, other metric libraries beside ours, fuzz targets.
    Full(full::Args),
    /// Find or install what CI needs and print the PATH to use.
    #[command(hide = true)]
    Tools(tools::Args),
}

fn main() -> ExitCode {
    let result = match Command::parse() {
        Command::Demo(args) => demo::run(args),
        Command::Test(args) => test::run(args),
        Command::Conformance(args) => conformance::run(args),
        Command::Overhead(args) => overhead::run(args),
        Command::Features(args) => features::run(args),
        Command::Minimal(args) => minimal::run(args),
        Command::Full(args) => full::run(args),
        Command::Tools(args) => tools::run(args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Not returned from main: with RUST_BACKTRACE set, a page of frames would follow the advice.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
