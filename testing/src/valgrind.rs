//! A test program run again under valgrind, as people do who count instructions.

use std::env;
use std::process::Command;

/// A command that runs `test` of the calling test binary under valgrind, ignored or not. `None` if
/// valgrind is not installed: then it says that the calling test is skipped, and fails in CI.
pub fn valgrind(caller: &str, test: &str) -> Option<Command> {
    let Ok(output) = Command::new("valgrind").arg("--version").output() else {
        let how = "`cargo xtask test`, or apt-get install valgrind";
        eprintln!("SKIPPED: {caller} needs valgrind: {how}");
        assert_ne!(env::var("CI").as_deref(), Ok("true"), "{caller} needs valgrind: {how}");
        return None;
    };
    let version = String::from_utf8_lossy(&output.stdout);
    eprintln!("backend: valgrind {}", version.trim().trim_start_matches("valgrind-"));
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--tool=none"]).arg(env::current_exe().unwrap()).args([
        test,
        "--exact",
        "--ignored",
        "--nocapture",
    ]);
    Some(command)
}
