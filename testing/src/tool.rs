//! Python tools, in the tool cache.

use std::env;
use std::path::PathBuf;

/// A package that `cargo xtask test` installs into a virtual environment.
#[derive(Clone, Copy, Debug)]
pub struct Tool {
    /// Its name.
    pub package: &'static str,
    /// Its version.
    pub version: &'static str,
    /// A program of the package.
    pub binary: &'static str,
}

impl Tool {
    /// The folder of the tool's programs. Without the tool it says that `test` is skipped, and
    /// fails in CI.
    pub fn find(&self, test: &str) -> Option<PathBuf> {
        let Self { package, version, binary } = self;
        let bin = self.environment().join("bin");
        if bin.join(binary).is_file() {
            eprintln!("backend: {package} {version}");
            return Some(bin);
        }
        self.missing(test);
        None
    }

    pub(crate) fn environment(&self) -> PathBuf {
        cache().join(format!("{}-{}", self.package, self.version))
    }

    /// Says that `test` is skipped, and fails in CI.
    pub(crate) fn missing(&self, test: &str) {
        let Self { package, version, .. } = self;
        let venv = self.environment();
        let how = format!(
            "`cargo xtask test`, or python3 -m venv {0} && {0}/bin/pip install {package}=={version}",
            venv.display()
        );
        eprintln!("SKIPPED: {test} needs {package}: {how}");
        assert_ne!(env::var("CI").as_deref(), Ok("true"), "{test} needs {package}: {how}");
    }
}

/// `$OBS_TOOLS_DIR`, else `$XDG_CACHE_HOME/obs-tools`, else `~/.cache/obs-tools`.
pub(crate) fn cache() -> PathBuf {
    let folder =
        |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder("OBS_TOOLS_DIR")
        .or_else(|| folder("XDG_CACHE_HOME").map(|cache| cache.join("obs-tools")))
        .or_else(|| folder("HOME").map(|home| home.join(".cache/obs-tools")))
        .unwrap_or_default()
}
