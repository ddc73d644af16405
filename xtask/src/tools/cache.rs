//! The tool cache: a folder per tool and version, shared by all checkouts of a user.

use std::{
    env,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// `$OBS_TOOLS_DIR`, else `$XDG_CACHE_HOME/obs-tools`, else `~/.cache/obs-tools`.
pub(super) fn root() -> Result<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("OBS_TOOLS_DIR")
        .or_else(|| set("XDG_CACHE_HOME").map(|folder| folder.join("obs-tools")))
        .or_else(|| env::home_dir().map(|home| home.join(".cache/obs-tools")))
        .context("no home directory for the tool cache; set OBS_TOOLS_DIR to a folder")
}

/// The folder of one tool.
pub(super) fn folder(name: &str, version: &str) -> Result<PathBuf> {
    Ok(root()?.join(format!("{name}-{version}")))
}

/// Removes what an interrupted install left, if anything.
pub(super) fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove the unfinished {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Waits until no other process installs `what`; others wait while the lock lives.
pub(super) fn lock(what: &str) -> Result<File> {
    let path = root()?.join(format!("{what}.lock"));
    let opened = fs::create_dir_all(root()?).and_then(|()| File::create(&path));
    let file = opened.with_context(|| {
        format!("cannot write {}; set OBS_TOOLS_DIR to a folder of yours", path.display())
    })?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => {
            eprintln!("{what} is being installed by another process; waiting")
        }
        Err(TryLockError::Error(error)) => {
            return Err(error).context(format!("cannot lock {}", path.display()));
        }
    }
    file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}
