//! One set of scenarios for every adapter, and what each must make of them.
//!
//! A [`Subject`] serves one fixed application with an adapter. The suite starts it as a process of its own,
//! sends it what `scenarios/*.toml` say, and compares what the client saw, the series, the lines, the spans
//! and the error events with what was written down by hand. `docs/adapters.md` has the application, and how
//! an adapter of someone else's is tried.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program")]

mod cli;
mod differences;
mod drive;
mod judge;
mod mutants;
mod process;
mod report;
mod run;
mod scenario;
mod service;
pub mod subjects;
mod suite;

pub use self::cli::main;
pub use self::subjects::{Api, Subject};
