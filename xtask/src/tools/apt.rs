//! Debian and Ubuntu packages.

use std::{
    io,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

use super::cache;

/// Installs packages without asking anything, or says why it cannot.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let Some(elevation) = elevation() else {
        bail!("cannot install {list}: this needs apt-get and root, or sudo without a password");
    };
    let _lock = cache::lock("apt")?;
    eprintln!("installing {list} with apt-get");
    apt_get(elevation, &["update"])?;
    apt_get(elevation, &[&["install", "--yes", "--no-install-recommends"], packages].concat())
}

/// What to put before `apt-get`, if it may be used at all.
fn elevation() -> Option<&'static [&'static str]> {
    which::which("apt-get").ok()?;
    if rustix::process::geteuid().is_root() {
        return Some(&[]);
    }
    let sudo = Command::new("sudo")
        .args(["-n", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    sudo.is_ok_and(|status| status.success()).then_some(&["sudo", "-n"])
}

fn apt_get(elevation: &[&str], args: &[&str]) -> Result<()> {
    // `env` because sudo drops the variables of its caller.
    let words = [elevation, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"], args]
        .concat();
    let (program, rest) = words.split_first().context("no command")?;
    let status = Command::new(program)
        .args(rest)
        .args(["-o", "DPkg::Lock::Timeout=300"])
        .stdin(Stdio::null())
        .stdout(io::stderr())
        .status()
        .context("cannot start apt-get")?;
    ensure!(status.success(), "apt-get {} failed, see above", args.join(" "));
    Ok(())
}
