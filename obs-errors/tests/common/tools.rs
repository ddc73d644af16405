//! Python tools, in the tool cache.

use std::env;
use std::path::PathBuf;

pub(crate) struct Tool {
    pub(crate) package: &'static str,
    pub(crate) version: &'static str,
    /// A program of the package.
    pub(crate) binary: &'static str,
}

impl Tool {
    /// The folder of the tool's programs. Without the tool it says that `test` is skipped, and
    /// fails in CI.
    pub(crate) fn find(&self, test: &str) -> Option<PathBuf> {
        let Self { package, version, binary } = self;
        let bin = cache().join(format!("{package}-{version}")).join("bin");
        if bin.join(binary).is_file() {
            eprintln!("backend: {package} {version}");
            return Some(bin);
        }
        let venv = bin.with_file_name("");
        let how = format!(
            "`cargo xtask test`, or python3 -m venv {0} && {0}bin/pip install {package}=={version}",
            venv.display()
        );
        eprintln!("SKIPPED: {test} needs {package}: {how}");
        assert_ne!(env::var("CI").as_deref(), Ok("true"), "{test} needs {package}: {how}");
        None
    }
}

/// `$OBS_TOOLS_DIR`, else `$XDG_CACHE_HOME/obs-tools`, else `~/.cache/obs-tools`.
fn cache() -> PathBuf {
    let folder =
        |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder("OBS_TOOLS_DIR")
        .or_else(|| folder("XDG_CACHE_HOME").map(|cache| cache.join("obs-tools")))
        .or_else(|| folder("HOME").map(|home| home.join(".cache/obs-tools")))
        .unwrap_or_default()
}
