//! Child processes that never outlive the demo.

use std::{
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

/// How long a child may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(5);

/// A child process; dropping it ends it: SIGTERM, then SIGKILL after a short wait.
pub(super) struct Process {
    name: &'static str,
    child: Child,
    group: Option<Pid>,
}

impl Process {
    pub(super) fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        // A group of its own, so that Ctrl-C reaches the demo alone and it decides who ends when,
        // and so that ending cargo ends its compilers as well.
        let child = command.stdin(Stdio::null()).process_group(0).spawn().with_context(|| {
            format!("cannot start {name} ({})", command.as_std().get_program().display())
        })?;
        let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        Ok(Self { name, child, group })
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn stdout(&mut self) -> Result<ChildStdout> {
        self.child
            .stdout
            .take()
            .with_context(|| format!("the output of {} is not piped", self.name))
    }

    pub(super) fn stderr(&mut self) -> Result<ChildStderr> {
        self.child
            .stderr
            .take()
            .with_context(|| format!("the errors of {} are not piped", self.name))
    }

    pub(super) async fn ended(&mut self) -> Result<ExitStatus> {
        self.child.wait().await.with_context(|| format!("lost sight of {}", self.name))
    }

    fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            // The only error is that nobody is left to end.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !self.is_running() {
            return;
        }
        self.signal(Signal::TERM);
        let deadline = Instant::now() + GRACE;
        while self.is_running() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(10));
        }
        if self.is_running() {
            self.signal(Signal::KILL);
            while self.is_running() {
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

/// What a process wrote, for the message when it fails.
pub(super) struct Log(PathBuf);

impl Log {
    pub(super) fn create(dir: &Path, name: &str) -> Result<(Self, std::fs::File)> {
        let path = dir.join(name);
        let file = std::fs::File::create(&path)
            .with_context(|| format!("cannot create {}", path.display()))?;
        Ok((Self(path), file))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// The last lines, indented; the file itself is gone when the demo ends.
    pub(super) fn tail(&self) -> String {
        let text = std::fs::read(&self.0).unwrap_or_default();
        last_lines(&String::from_utf8_lossy(&text), 15)
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return "    (it wrote nothing)".to_owned();
    }
    let tail = lines.iter().skip(lines.len().saturating_sub(count));
    tail.map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_the_end_of_the_text() {
        assert_eq!(last_lines("a\nb\nc\n", 2), "    b\n    c");
        assert_eq!(last_lines("a", 2), "    a");
        assert_eq!(last_lines("", 2), "    (it wrote nothing)");
    }

    #[tokio::test]
    async fn a_dropped_process_is_gone_with_its_children() {
        let dir = tempfile::tempdir().unwrap();
        let pids = dir.path().join("pids");
        let mut command = Command::new("sh");
        command.arg("-c").arg("sleep 60 & echo $$ $! > pids; wait").current_dir(dir.path());
        let process = Process::start("a shell", &mut command).unwrap();
        let both = loop {
            match std::fs::read_to_string(&pids) {
                Ok(text) if text.ends_with('\n') => break text,
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        };
        drop(process);
        for pid in both.split_whitespace().map(|pid| Pid::from_raw(pid.parse().unwrap()).unwrap()) {
            // The grandchild is reaped by whoever adopts it, soon after.
            let deadline = Instant::now() + Duration::from_secs(5);
            while rustix::process::test_kill_process(pid).is_ok() && !is_zombie(pid) {
                assert!(Instant::now() < deadline, "{pid:?} still runs");
                thread::sleep(Duration::from_millis(10));
            }
        }
    }

    fn is_zombie(pid: Pid) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
        stat.is_ok_and(|stat| stat.contains(") Z "))
    }
}
