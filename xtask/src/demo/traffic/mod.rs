//! Realistic traffic: buyers, warehouse staff, dashboards, scanners, and clients that lose patience.

mod call;
mod hostile;
mod orders;
mod plan;
mod tally;
mod worker;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result};
use tokio::{
    task::JoinSet,
    time::{Instant, Interval, MissedTickBehavior, timeout_at},
};

pub(super) use self::tally::Tally;
use self::{orders::Orders, worker::Worker};
use super::{args::Args, progress::Timeline};

/// What the workers share.
struct Shared {
    address: SocketAddr,
    ends: Instant,
    pace: tokio::sync::Mutex<Interval>,
    hostile: bool,
    orders: Orders,
    tally: Mutex<Tally>,
}

impl Shared {
    fn tally<T>(&self, change: impl FnOnce(&mut Tally) -> T) -> T {
        change(&mut self.tally.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits for the turn of the next request; false when the time is up.
    async fn next_turn(&self) -> bool {
        let turn = async { self.pace.lock().await.tick().await };
        // A turn that is due would win against a deadline that has passed.
        Instant::now() < self.ends && timeout_at(self.ends, turn).await.is_ok()
    }
}

/// Drives the service for the time asked for and tells what was sent.
pub(super) async fn drive(address: SocketAddr, args: &Args) -> Result<Tally> {
    let length = Duration::from_secs(args.seconds);
    let timeline = Timeline::start("driving traffic", length)?;
    let mut pace = tokio::time::interval(Duration::from_secs(1) / args.rate);
    // The rate is an upper bound: after a stall nothing is made up for, beyond the tick that is due.
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let shared = Arc::new(Shared {
        address,
        ends: Instant::now() + length,
        pace: tokio::sync::Mutex::new(pace),
        hostile: args.hostile,
        orders: Orders::default(),
        tally: Mutex::default(),
    });
    let mut workers = JoinSet::new();
    for _ in 0..args.workers {
        workers.spawn(Worker::new(Arc::clone(&shared)).run());
    }
    let mut screen = tokio::time::interval(Duration::from_millis(100));
    loop {
        tokio::select! {
            worker = workers.join_next() => match worker {
                Some(worker) => worker.context("a worker died")??,
                None => break,
            },
            _ = screen.tick() => timeline.update(shared.tally(|tally| tally.driven.total())),
        }
    }
    Ok(shared.tally(std::mem::take))
}
