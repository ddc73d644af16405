//! `cargo xtask demo`: a real service under real traffic, seen through what it tells of itself.

mod args;
mod build;
mod business;
mod check;
mod http;
mod interrupt;
mod process;
mod progress;
mod prometheus;
mod readback;
mod report;
mod seen;
mod series;
mod service;
mod settle;
mod table;
mod text;
mod traffic;

use std::{io::Write, net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use obs_testing::receivers::Receivers;

pub(crate) use self::args::{Args, Framework};
use self::{
    business::Business,
    interrupt::Interrupt,
    prometheus::Prometheus,
    readback::{FailedRequest, ReadBack},
    report::Report,
    seen::{Seen, Totals},
    service::Service,
    traffic::Tally,
};

const EXEMPLARS_EVERY: Duration = Duration::from_millis(1100);
/// What shells call a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

pub(crate) fn run(args: Args) -> Result<()> {
    // The receivers answer on the second thread while the first one waits for the service to end.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
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
    _receivers: Receivers,
    _dir: tempfile::TempDir,
}

async fn demo(args: &Args) -> Result<Stage> {
    let binary = build::build(args.framework.package(), args.release).await?;
    let dir =
        tempfile::Builder::new().prefix("obs-demo-").tempdir().context("no temporary directory")?;
    let receivers = Receivers::start().await?;
    let mut service = Service::start(&binary, dir.path(), &receivers).await?;
    // A service that cannot tell what it saw is found out now, not after the traffic.
    Totals::from_metrics(&Service::metrics(service.address).await?)?;
    let prometheus = Prometheus::start(service.address, dir.path()).await?;
    if prometheus.is_none() {
        eprintln!("{}", console::style(prometheus::MISSING).for_stderr().yellow());
    }
    let (tally, request) = match drive(service.address, args).await {
        Ok(driven) => driven,
        Err(error) => return Err(service.cause_of(error).await),
    };
    settle::settle(&service, prometheus.as_ref(), tally.driven.total()).await?;
    let seen = Seen::read(&service, prometheus.as_ref()).await?;
    let readback = ReadBack::of(request, &service, &receivers, &seen).await?;
    let length = Duration::from_secs(args.seconds);
    let business = Business::of(&seen::parse(&Service::metrics(service.address).await?)?);
    let mut report =
        Report::write(&seen, prometheus.as_ref(), &tally, length, &readback, &business)?;
    report.add_places(&service, prometheus.as_ref(), &receivers).await?;
    show(&report.text)?;
    show(if args.keep { "\n" } else { "  (ended with the demo; --keep keeps them)\n" })?;
    Ok(Stage { report, _prometheus: prometheus, service, _receivers: receivers, _dir: dir })
}

/// The traffic, and after it the request that is read back; it counts like any other.
async fn drive(address: SocketAddr, args: &Args) -> Result<(Tally, FailedRequest)> {
    let mut tally = traffic::drive(address, args).await?;
    // A bucket takes a new exemplar once a second and scrape: then the next request is it.
    tokio::time::sleep(EXEMPLARS_EVERY).await;
    http::get(address, "/metrics").await?;
    let request = FailedRequest::send(address).await?;
    tally.count(request.series.clone());
    Ok((tally, request))
}

fn show(text: &str) -> Result<()> {
    std::io::stdout().write_all(text.as_bytes()).context("cannot write the report")
}
