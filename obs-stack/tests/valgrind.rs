//! `install` under valgrind: services that count instructions run there, with everything installed.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use obs_metrics::Format;
use obs_stack::Obs;

const INSTALLED: &str = "TEST_INSTALLS";

#[test]
#[ignore = "run by the other, as a process"]
fn installed() {
    if std::env::var_os(INSTALLED).is_none() {
        return;
    }
    let obs = Obs::from_env().unwrap().install().unwrap();
    let shown = obs.metrics().render(Format::Text);
    for name in ["process_cpu_seconds_total", "process_resident_memory_bytes"] {
        assert!(shown.contains(&format!("\n{name} ")), "{name} is not in\n{shown}");
    }
}

#[test]
fn install_works_under_valgrind_with_the_process_in_numbers() {
    let test = "install_works_under_valgrind_with_the_process_in_numbers";
    let Some(mut command) = obs_testing::valgrind(test, "installed") else { return };
    let output = command.env(INSTALLED, "1").output().unwrap();
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && text.contains("1 passed"), "{}\n{text}", output.status);
}
