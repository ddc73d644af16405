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

use std::{io::Write, time::Duration};

use anyhow::{Context, Result};

pub(crate) use self::args::Args;
use self::{
    interrupt::Interrupt, prometheus::Prometheus, report::Report, seen::Totals, service::Service,
};

/// What shells call a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

pub(crate) fn run(args: Args) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if !runtime.block_on(until_interrupted(&args))? {
        eprintln!("interrupted; nothing is left running");
        std::process::exit(INTERRUPTED);
    }
    Ok(())
}

/// False if the demo was interrupted: it is dropped where it stands, and its guards clean up.
async fn until_interrupted(args: &Args) -> Result<bool> {
    let mut interrupt = Interrupt::listen()?;
    let mut stage = tokio::select! {
        stage = demo(args) => stage?,
        () = interrupt.received() => return Ok(false),
    };
    if args.keep {
        show("Still running; Ctrl-C ends everything.\n")?;
        tokio::select! {
            never = stage.service.failed() => never?,
            () = interrupt.received() => {}
        }
    }
    stage.report.agrees().map(|()| true)
}

/// What runs until the end of the demo. Dropped in this order: the directory goes when nobody writes to it.
struct Stage {
    report: Report,
    _prometheus: Option<Prometheus>,
    service: Service,
    _dir: tempfile::TempDir,
}

async fn demo(args: &Args) -> Result<Stage> {
    let binary = build::build("orders-service").await?;
    let dir =
        tempfile::Builder::new().prefix("obs-demo-").tempdir().context("no temporary directory")?;
    let mut service = Service::start(&binary, dir.path()).await?;
    // A service that cannot tell what it saw is found out now, not after the traffic.
    Totals::from_metrics(&Service::metrics(service.address).await?)?;
    let prometheus = Prometheus::start(service.address, dir.path()).await?;
    if prometheus.is_none() {
        eprintln!("{}", console::style(prometheus::MISSING).for_stderr().yellow());
    }
    let tally = match traffic::drive(service.address, args).await {
        Ok(tally) => tally,
        Err(error) => return Err(service.cause_of(error).await),
    };
    settle::settle(&service, prometheus.as_ref(), tally.driven.total()).await?;
    let report =
        Report::write(&service, prometheus.as_ref(), &tally, Duration::from_secs(args.seconds))
            .await?;
    show(&report.text)?;
    show(if args.keep { "\n" } else { "  (ended with the demo; --keep keeps them)\n" })?;
    Ok(Stage { report, _prometheus: prometheus, service, _dir: dir })
}

fn show(text: &str) -> Result<()> {
    std::io::stdout().write_all(text.as_bytes()).context("cannot write the report")
}
