//! How often the last log line of a process is lost that ends by `std::process::exit` without
//! `Obs::finish`: `cargo run -p obs-stack --example exit_without_finish`.

use std::error::Error;
use std::io::Write as _;
use std::process::{Command, exit};

use obs_stack::Obs;

const RUNS: u32 = 100;
/// The argument of the processes that end.
const CHILD: &str = "child";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [child, level] = arguments.as_slice()
        && child == CHILD
    {
        return end(level);
    }
    for level in ["INFO", "WARN", "ERROR"] {
        let mut lost = 0;
        for _ in 0..RUNS {
            let program = std::env::current_exe()?;
            let output = Command::new(program).args([CHILD, level]).output()?;
            lost += u32::from(!String::from_utf8_lossy(&output.stdout).contains("the last line"));
        }
        writeln!(std::io::stdout(), "{level}: the last line was lost in {lost} of {RUNS} runs")?;
    }
    Ok(())
}

fn end(level: &str) -> Result<(), Box<dyn Error>> {
    let _obs = Obs::from_env()?.install()?;
    match level {
        "ERROR" => tracing::error!("the last line"),
        "WARN" => tracing::warn!("the last line"),
        _ => tracing::info!("the last line"),
    }
    exit(3)
}
