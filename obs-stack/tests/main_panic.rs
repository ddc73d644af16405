//! A panic of the main thread ends the process: its event is delivered before. No harness, because
//! the threads of one are never the main one; the program starts itself again as the service.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test without a harness"
)]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use obs_stack::Obs;

const TEST: &str = "a_panic_of_main_is_delivered_before_the_process_ends";
/// Says to the child what it does.
const CHILD: &str = "TEST_MAIN_PANIC";
const DEADLINE: Duration = Duration::from_secs(20);

fn main() {
    match env::var(CHILD).as_deref() {
        Ok("task") => service(true),
        Ok(_) => service(false),
        Err(_) if env::args().any(|argument| argument == "--list") => {
            // What a runner of tests asks for.
            if env::args().all(|argument| argument != "--ignored") {
                println!("{TEST}: test");
            }
        }
        Err(_) => {
            delivered();
            a_tracker_that_hangs_is_not_waited_for_long();
            a_task_is_not_waited_for();
        }
    }
}

/// Panics in the main thread, or in a task that runs there.
fn service(in_task: bool) {
    let _obs = Obs::from_env().unwrap().install().unwrap();
    if !in_task {
        panic!("main broke");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let begin = Instant::now();
    let task = runtime.block_on(async { tokio::spawn(async { panic!("task broke") }).await });
    assert!(task.is_err());
    println!("waited {}", begin.elapsed().as_millis());
}

fn start(what: &str, tracker: &TcpListener) -> Child {
    Command::new(env::current_exe().unwrap())
        .env(CHILD, what)
        .env("SENTRY_DSN", format!("http://key@{}/7", tracker.local_addr().unwrap()))
        // Nothing but the wait brings the event out in time.
        .env("OBS_EXPORT_INTERVAL_MS", "60000")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn delivered() {
    let tracker = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut child = start("main", &tracker);
    let mut stream = accept(&tracker, &mut child);
    let request = read(&mut stream);
    assert!(request.contains("main broke"), "{request}");
    assert!(request.contains(r#""thread":"main""#), "{request}");
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(101));
}

fn a_tracker_that_hangs_is_not_waited_for_long() {
    // Nobody accepts, and the system's queue takes the connection.
    let tracker = TcpListener::bind("127.0.0.1:0").unwrap();
    let begin = Instant::now();
    let mut child = start("main", &tracker);
    assert_eq!(child.wait().unwrap().code(), Some(101));
    let took = begin.elapsed();
    assert!(took > Duration::from_secs(1) && took < DEADLINE, "{took:?}");
}

fn a_task_is_not_waited_for() {
    let tracker = TcpListener::bind("127.0.0.1:0").unwrap();
    let output = start("task", &tracker).wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let waited = text.lines().find_map(|line| line.strip_prefix("waited ")).unwrap();
    assert!(waited.parse::<u64>().unwrap() < 1500, "{text}");
}

fn accept(tracker: &TcpListener, child: &mut Child) -> TcpStream {
    tracker.set_nonblocking(true).unwrap();
    let begin = Instant::now();
    loop {
        if let Ok((stream, _)) = tracker.accept() {
            stream.set_nonblocking(false).unwrap();
            stream.set_read_timeout(Some(DEADLINE)).unwrap();
            return stream;
        }
        assert!(child.try_wait().unwrap().is_none(), "the process ended, and nothing came");
        assert!(begin.elapsed() < DEADLINE, "nothing came");
        thread::yield_now();
    }
}

/// A whole request, as text.
fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let length = stream.read(&mut part).unwrap();
        assert!(length > 0, "cut");
        bytes.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_ascii_lowercase();
        let (_, rest) = head.split_once("content-length: ").unwrap();
        let length: usize = rest.lines().next().unwrap().parse().unwrap();
        if body.len() >= length {
            return text.into_owned();
        }
    }
}
