//! Python packages, each in a virtual environment of its own in the tool cache.

use std::{
    ffi::OsStr,
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use super::cache;

/// What Debian and Ubuntu need to make a virtual environment.
pub(super) const PACKAGES: &[&str] = &["python3", "python3-venv"];

/// Can this machine make a virtual environment? Debian has `venv` without the `ensurepip` that it needs.
pub(super) fn can_install() -> bool {
    let status = Command::new("python3")
        .args(["-c", "import venv, ensurepip"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// `binary` of a complete environment: a script in `bin`, or a file of the package itself.
pub(super) fn find(name: &str, version: &str, binary: &str) -> Result<Option<PathBuf>> {
    Ok(find_in(&cache::folder(name, version)?, name, version, binary))
}

fn find_in(folder: &Path, name: &str, version: &str, binary: &str) -> Option<PathBuf> {
    let package = name.replace('-', "_");
    // pip installs dependencies first and writes this file after all others that can be used.
    let last = format!("{package}-{version}.dist-info/INSTALLER");
    let libraries = folder.join("lib").read_dir().ok()?;
    let packages = libraries
        .filter_map(|python| Some(python.ok()?.path().join("site-packages")))
        .find(|packages| packages.join(&last).is_file())?;
    [folder.join("bin"), packages.join(package)]
        .into_iter()
        .map(|place| place.join(binary))
        .find(|path| path.is_file())
}

/// Fills the final folder, since the scripts of an environment name its path and do not survive a move.
/// [`find`] does not take an interrupted install for a tool, and the next install begins anew.
pub(super) fn install(name: &str, version: &str, binary: &str) -> Result<()> {
    let _lock = cache::lock(&format!("{name}-{version}"))?;
    if find(name, version, binary)?.is_some() {
        return Ok(());
    }
    let folder = cache::folder(name, version)?;
    eprintln!("installing {name} {version} with pip into {}", folder.display());
    cache::remove(&folder)?;
    let filled = fill(&folder, name, version).and_then(|()| {
        let found = find_in(&folder, name, version, binary);
        ensure!(found.is_some(), "the package {name} {version} has no {binary} for this machine");
        Ok(())
    });
    if filled.is_err() {
        cache::remove(&folder)?;
    }
    filled.with_context(|| format!("cannot install {name} {version}"))
}

fn fill(folder: &Path, name: &str, version: &str) -> Result<()> {
    run("python3".as_ref(), &["-m", "venv"], folder.as_os_str())?;
    let pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
    run(&folder.join("bin/python"), &pip, format!("{name}=={version}").as_ref())
}

fn run(program: &Path, args: &[&str], what: &OsStr) -> Result<()> {
    let status = Command::new(program)
        .args(args)
        .arg(what)
        .stdin(Stdio::null())
        .stdout(io::stderr())
        .status()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let words = args.join(" ");
    ensure!(status.success(), "{} {words} {} failed", program.display(), what.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::find_in;

    #[test]
    fn an_environment_counts_once_its_package_is_complete() {
        let dir = tempfile::tempdir().unwrap();
        let find = || find_in(dir.path(), "a-tool", "1.0", "python");
        let info = dir.path().join("lib/python3.11/site-packages/a_tool-1.0.dist-info");
        let python = dir.path().join("bin/python");
        assert_eq!(find(), None);
        fs::create_dir_all(&info).unwrap();
        fs::create_dir(dir.path().join("bin")).unwrap();
        fs::write(&python, "").unwrap();
        assert_eq!(find(), None);
        fs::write(info.join("INSTALLER"), "pip\n").unwrap();
        assert_eq!(find(), Some(python));
    }

    #[test]
    fn a_program_may_be_beside_the_modules_of_its_package() {
        let dir = tempfile::tempdir().unwrap();
        let packages = dir.path().join("lib/python3.12/site-packages");
        let (agent, info) = (packages.join("tool/agent"), packages.join("tool-0.1a2.dist-info"));
        for (folder, file) in [(&packages.join("tool"), &agent), (&info, &info.join("INSTALLER"))] {
            fs::create_dir_all(folder).unwrap();
            fs::write(file, "").unwrap();
        }
        assert_eq!(find_in(dir.path(), "tool", "0.1a2", "agent"), Some(agent));
        assert_eq!(find_in(dir.path(), "tool", "0.1a3", "agent"), None);
    }
}
