//! Builds the service that the demo runs.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::Command,
};

use super::{process::Process, progress::Step};

/// Builds `package` and returns its binary.
pub(super) async fn build(package: &str, release: bool) -> Result<PathBuf> {
    let step = Step::start(&format!("building {package} (the first build takes minutes)"))?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--package", package, "--message-format=json-render-diagnostics"])
        .args(release.then_some("--release"))
        .current_dir(workspace())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = Process::start("cargo", &mut command)?;
    let (stdout, stderr) = (process.stdout()?, process.stderr()?);
    let (messages, output) =
        tokio::try_join!(lines(stdout, |_| {}), lines(stderr, |line| step.detail(line)))?;
    let status = process.ended().await?;
    if !status.success() {
        drop(step);
        bail!("cannot build {package}: cargo ended with {status}\n\n{}", output.join("\n"));
    }
    let binary = messages.iter().find_map(|message| executable(message, package));
    let binary = binary.with_context(|| format!("cargo built {package} but named no binary"))?;
    step.done(&format!("built {package}"));
    Ok(binary)
}

fn workspace() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

async fn lines(reader: impl AsyncRead + Unpin, mut seen: impl FnMut(&str)) -> Result<Vec<String>> {
    let mut lines = BufReader::new(reader).lines();
    let mut all = Vec::new();
    while let Some(line) = lines.next_line().await? {
        seen(&line);
        all.push(line);
    }
    Ok(all)
}

/// The binary of `package`, if this message of cargo names it.
fn executable(message: &str, package: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_ours = message["target"]["name"] == package && message["target"]["kind"][0] == "bin";
    message["executable"].as_str().filter(|_| is_ours).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_binary_among_the_messages() {
        let binary = r#"{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"shop"},"executable":"/t/shop"}"#;
        let library = r#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"shop"},"executable":null}"#;
        assert_eq!(executable(binary, "shop"), Some(PathBuf::from("/t/shop")));
        assert_eq!(executable(binary, "other"), None);
        assert_eq!(executable(library, "shop"), None);
        assert_eq!(executable("warning: not json", "shop"), None);
    }
}
