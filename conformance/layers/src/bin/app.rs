//! An application with layers of its own, in each order. `tests/app.rs` runs it and reads its lines.
#![allow(deprecated, reason = "`sentry_tracing::layer()` is what applications have")]

use anyhow::{Context as _, Result, bail, ensure};
use obs_axum::{InstallError, Obs};
use obs_layers::{Theirs, work};
use tracing_error::ErrorLayer;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry;
use tracing_subscriber::util::SubscriberInitExt as _;

fn main() -> Result<()> {
    let order = std::env::args().nth(1).context("app ORDER")?;
    match order.as_str() {
        "inside" => inside(),
        "beside" => beside(),
        "subscriber-first" => subscriber_first(),
        "logger-first" => logger_first(),
        "alone" => alone(),
        order => bail!("no order {order:?}"),
    }
}

/// Their layers in our subscriber.
fn inside() -> Result<()> {
    let theirs = Theirs::new()?;
    let obs = Obs::from_env()?
        .with_layer(ErrorLayer::default())
        .with_layer(sentry_tracing::layer())
        .with_layer(theirs.otel())
        .with_layer(theirs.file())
        .install()?;
    work(&obs)?;
    theirs.check()
}

/// Our layer in their subscriber.
fn beside() -> Result<()> {
    let theirs = Theirs::new()?;
    let (obs, ours) = Obs::from_env()?.install_without_subscriber()?;
    registry()
        .with(ours)
        .with(ErrorLayer::default())
        .with(sentry_tracing::layer())
        .with(theirs.otel())
        .with(theirs.file())
        .init();
    work(&obs)?;
    theirs.check()
}

/// Their subscriber before `install`, without our layer: an error that names both ways, and nothing is
/// half installed.
fn subscriber_first() -> Result<()> {
    tracing::subscriber::set_global_default(registry())?;
    for _ in 0..2 {
        let error = Obs::from_env()?.install().err().context("installed")?;
        ensure!(error == InstallError::Subscriber);
        let text = error.to_string();
        ensure!(
            text.contains("with_layer") && text.contains("install_without_subscriber"),
            "{text}"
        );
    }
    log::set_boxed_logger(Box::new(Stderr))?;
    Ok(())
}

/// A logger of the `log` crate before `install`.
fn logger_first() -> Result<()> {
    log::set_boxed_logger(Box::new(Stderr))?;
    log::set_max_level(log::LevelFilter::Info);
    let obs = Obs::from_env()?.with_layer(ErrorLayer::default()).install()?;
    work(&obs)
}

/// No layers of their own, though other crates have turned on the features of tracing-subscriber.
fn alone() -> Result<()> {
    let obs = Obs::from_env()?.install()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    log::debug!(target: "sqlx::query", "not shown");
    log::info!(target: "sqlx::query", "a record of log");
    ensure!(log::max_level() == log::LevelFilter::Info, "{}", log::max_level());
    runtime.block_on(obs.finish());
    Ok(())
}

/// What env_logger and others do.
struct Stderr;

impl log::Log for Stderr {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        eprintln!("their logger: {}", record.args());
    }

    fn flush(&self) {}
}
