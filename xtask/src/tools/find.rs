//! Where a tool is on this machine.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{
    cache, python,
    table::{Source, Tool},
    version,
};

/// A tool that is here and answers.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) tool: &'static Tool,
    pub(crate) path: PathBuf,
    pub(crate) version: String,
}

/// The first candidate of an acceptable version.
pub(super) fn find(tool: &'static Tool) -> Result<Option<Found>> {
    if let Source::Python { version } = tool.source {
        let path = python::find(tool.name, version, tool.binary)?;
        return Ok(path.map(|path| Found { tool, path, version: version.to_owned() }));
    }
    let on_path = which::which(tool.binary).ok();
    for path in on_path.into_iter().chain(beside_path(tool)?) {
        let version = version::of(&path, tool.version_args)?;
        if accepts(tool, &version) {
            return Ok(Some(Found { tool, path, version }));
        }
    }
    Ok(None)
}

fn accepts(tool: &Tool, found: &str) -> bool {
    match tool.source {
        Source::Cargo { version, exact: true } => found == version,
        Source::Cargo { exact: false, .. } | Source::Apt { .. } | Source::Python { .. } => true,
    }
}

/// The places that are not on PATH.
fn beside_path(tool: &Tool) -> Result<Option<PathBuf>> {
    let path = match tool.source {
        Source::Cargo { version, .. } => {
            Some(cache::folder(tool.name, version)?.join("bin").join(tool.binary))
        }
        Source::Apt { versions_in, .. } => versions_in
            .and_then(|folder| newest(Path::new(folder)))
            .map(|bin| bin.join(tool.binary)),
        Source::Python { .. } => None,
    };
    Ok(path.filter(|path| path.is_file()))
}

/// `bin` of the highest version below `folder`; 15 is higher than 9.6.
fn newest(folder: &Path) -> Option<PathBuf> {
    let versions = folder.read_dir().ok()?.filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        let number: Vec<u32> =
            name.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        Some((number, name))
    });
    versions.max().map(|(_, name)| folder.join(name).join("bin"))
}

/// PATH for child processes, on which every one of `found` is the first of its name. Python tools are not on
/// it, or their `python` would be everybody's: tests know where they are.
pub(crate) fn search_path<'a>(found: impl IntoIterator<Item = &'a Found>) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = Vec::new();
    let beside = found
        .into_iter()
        .filter(|found| !matches!(found.tool.source, Source::Python { .. }))
        .filter(|found| which::which(found.tool.binary).ok().as_deref() != Some(&found.path))
        .filter_map(|found| found.path.parent().map(Path::to_owned));
    for folder in beside.chain(env::split_paths(&path)) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    env::join_paths(folders)
        .context("a folder of the tools cannot be on PATH: its name has a colon")
}

#[cfg(test)]
mod tests {
    use super::newest;

    #[test]
    fn the_newest_version_is_compared_by_number() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["9.6", "15", "14", "common"] {
            std::fs::create_dir(dir.path().join(name)).unwrap();
        }
        assert_eq!(newest(dir.path()), Some(dir.path().join("15/bin")));
    }

    #[test]
    fn without_versions_there_is_no_newest() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(newest(dir.path()), None);
        assert_eq!(newest(&dir.path().join("none")), None);
    }
}
