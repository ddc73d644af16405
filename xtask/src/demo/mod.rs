//! `cargo xtask demo`: a real service under real traffic, seen through what it tells of itself.

mod args;
mod build;
mod check;
mod http;
mod interrupt;
mod process;
mod progress;
mod prometheus;
mod report;
mod seen;
mod series;
mod service;
mod settle;
mod table;
mod text;
mod traffic;

use std::io::Write;

use anyhow::{Context, Result};

pub(crate) use self::args::Args;
use self::{interrupt::Interrupt, prometheus::Prometheus, report::Report, service::Service};

/// What shells call a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

pub(crate) fn run(args: Args) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let finished = runtime.block_on(async {
        let mut interrupt = Interrupt::listen()?;
        tokio::select! {
            result = demo(&args) => result.map(|()| true),
            // Drops the demo where it stands; its guards end the processes and remove the directory.
            () = interrupt.received() => Ok(false),
        }
    })?;
    if !finished && !args.keep {
        eprintln!("interrupted; nothing is left running");
        std::process::exit(INTERRUPTED);
    }
    Ok(())
}

async fn demo(args: &Args) -> Result<()> {
    let binary = build::build("orders-service").await?;
    // Declared before the processes, hence removed after they ended.
    let dir = tempfile::Builder::new()
        .prefix("obs-demo-")
        .tempdir()
        .context("no temporary directory")?;
    let mut service = Service::start(&binary, dir.path()).await?;
    let prometheus = Prometheus::start(service.address, dir.path()).await?;
    if prometheus.is_none() {
        eprintln!(
            "{}",
            console::style(prometheus::MISSING).for_stderr().yellow()
        );
    }
    let address = service.address;
    let tally = tokio::select! {
        tally = traffic::drive(address, args) => tally?,
        never = service.failed() => return never,
    };
    settle::settle(&service, prometheus.as_ref(), tally.driven.total()).await?;
    let report = Report::write(&service, prometheus.as_ref(), &tally).await?;
    show(&report.text)?;
    if args.keep {
        show("\nStill running; Ctrl-C ends everything.\n")?;
        service.failed().await?;
    }
    report.agrees()
}

fn show(text: &str) -> Result<()> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .context("cannot write the report")
}
