//! The program itself, as an operator meets it.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, ChildStdout, Command, Output, Stdio},
    time::Duration,
};

use hyper::Method;
use tempfile::TempDir;

use crate::{client::Client, server::sqlite_url};

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orders-service"));
    for variable in ["BIND_ADDR", "DATABASE_URL", "GATEWAY_URL"] {
        command.env_remove(variable);
    }
    command
}

/// Starts, fails, and says why.
fn refusal(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{stderr}");
    assert!(stdout.is_empty());
    stderr
}

fn started(files: &TempDir) -> (Running, BufReader<ChildStdout>, Client) {
    let mut command = program();
    command.env("BIND_ADDR", "127.0.0.1:0").current_dir(files);
    let mut running = Running(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut stdout = BufReader::new(running.0.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let address = line.strip_prefix("listening on http://").unwrap().trim_end();
    (running, stdout, Client(address.parse().unwrap()))
}

#[tokio::test]
async fn it_says_where_it_listens_and_stops_when_told_to_although_somebody_watches() {
    let files = tempfile::tempdir().unwrap();
    let (mut running, mut stdout, client) = started(&files);
    let watching = client.send(Method::GET, "/orders/events", String::new());
    let watching = watching.await.unwrap();
    let pid = rustix::process::Pid::from_child(&running.0);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let ended = tokio::task::spawn_blocking(move || {
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        // Everything else is the log.
        for line in rest.lines() {
            assert!(line.starts_with("{\"timestamp\":") && line.ends_with('}'), "{line}");
        }
        running.0.wait().unwrap().code()
    });
    // Well before its patience of 10 s ends.
    let code = tokio::time::timeout(Duration::from_secs(8), ended).await;
    assert_eq!(code.unwrap().unwrap(), Some(0));
    drop(watching);
    // SQLite has written its log back, and nothing else lies around.
    let left: Vec<_> = files.path().read_dir().unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[tokio::test]
async fn what_is_stored_is_there_after_a_restart() {
    let files = tempfile::tempdir().unwrap();
    let (running, _stdout, client) = started(&files);
    let goods = r#"{"warehouse":"lagos","sku":"rice-5kg","quantity":7}"#;
    client.post("/goods-received", goods).await.expect(201);
    // Killed, not stopped.
    drop(running);
    let (_running, _stdout, client) = started(&files);
    let lagos = client.get("/warehouses/lagos/utilization").await;
    assert_eq!(lagos.expect(200)["used"], 7);
}

#[test]
fn help_names_the_variables() {
    let output = program().arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for variable in ["BIND_ADDR", "DATABASE_URL", "GATEWAY_URL"] {
        assert!(help.contains(variable), "{help}");
    }
    assert!(refusal(program().arg("--port")).contains("--help"));
}

#[test]
fn faults_at_start_name_the_variable_the_value_and_the_fix_but_no_password() {
    let files = tempfile::tempdir().unwrap();
    let missing = format!("sqlite://{}/not/there.db?mode=rwc", files.path().display());
    let text_file = format!("sqlite://{}", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    for (url, shown) in [
        ("mysql://root:hunter2@db/orders", "root:***@db"),
        ("postgres://me:hunter2@127.0.0.1:1/orders", "me:***@127.0.0.1:1"),
        ("postgres://me:hunter2@127.0.0.1:99999/orders", "me:***@127.0.0.1:99999"),
        (missing.as_str(), "create the directory"),
        (text_file.as_str(), "file is not a database"),
        ("sqlite::memory:", "name a file"),
    ] {
        let said = refusal(program().env("DATABASE_URL", url));
        for part in ["DATABASE_URL=", "fix: ", shown] {
            assert!(said.contains(part), "{part:?} is not in: {said}");
        }
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn a_taken_port_is_named() {
    let files = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = program();
    command.env("DATABASE_URL", sqlite_url(files.path()));
    let said = refusal(command.env("BIND_ADDR", &address));
    assert!(said.contains(&format!("BIND_ADDR={address}")), "{said}");
    assert!(said.contains("in use") && said.contains("fix: "), "{said}");
}
