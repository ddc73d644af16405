//! What is happening right now: a spinner or a bar on a terminal, plain lines elsewhere. Always on stderr.

use std::time::Duration;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};

use super::text::grouped;

/// A step of unknown length. Dropping it takes it off the screen.
pub(super) struct Step(ProgressBar);

impl Step {
    pub(super) fn start(what: &str) -> Result<Self> {
        announce(what);
        let style = ProgressStyle::with_template(
            "{spinner:.cyan} {prefix} {elapsed:.dim} {wide_msg:.dim}",
        )?;
        let bar = ProgressBar::new_spinner().with_style(style).with_prefix(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        Ok(Self(bar))
    }

    pub(super) fn detail(&self, detail: &str) {
        self.0.set_message(detail.trim().to_owned());
    }

    pub(super) fn done(self, what: &str) {
        let seconds = self.0.elapsed().as_secs_f64();
        self.0.finish_and_clear();
        eprintln!("{} {what} ({seconds:.1} s)", console::style("✓").for_stderr().green());
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// The bar over a known time.
pub(super) struct Timeline {
    bar: ProgressBar,
    length: Duration,
}

impl Timeline {
    pub(super) fn start(what: &str, length: Duration) -> Result<Self> {
        announce(what);
        let style = ProgressStyle::with_template("{prefix} {bar:30.cyan/dim} {msg}")?;
        let bar = ProgressBar::new(millis(length)).with_style(style).with_prefix(what.to_owned());
        Ok(Self { bar, length })
    }

    pub(super) fn update(&self, requests: u64) {
        let elapsed = self.bar.elapsed().min(self.length);
        let rate = requests as f64 / elapsed.as_secs_f64().max(0.001);
        let left = (self.length - elapsed).as_secs_f64().ceil();
        self.bar.set_position(millis(elapsed));
        self.bar
            .set_message(format!("{} requests, {rate:.0}/s, {left:.0} s left", grouped(requests)));
    }
}

impl Drop for Timeline {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn announce(what: &str) {
    if !console::Term::stderr().is_term() {
        eprintln!("{what} ...");
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
