//! Peers that misbehave, on loopback.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What a peer does with each connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nobody listens.
    Refuses,
    /// Accepts, and that is all.
    NeverReads,
    /// Reads everything, says nothing.
    NeverAnswers,
    /// Closes with unread data: a reset.
    Resets,
    /// Answers, but in no protocol.
    Garbage,
    /// Answers one byte each 50 ms.
    Slow,
}

/// All of them.
pub const FAULTS: [Fault; 6] = [
    Fault::Refuses,
    Fault::NeverReads,
    Fault::NeverAnswers,
    Fault::Resets,
    Fault::Garbage,
    Fault::Slow,
];

/// The port of such a peer. It lives as long as the test.
pub fn faulty(fault: Fault) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    if fault != Fault::Refuses {
        thread::spawn(move || {
            let mut held = Vec::new();
            for connection in listener.incoming().flatten() {
                match fault {
                    Fault::NeverReads => held.push(connection),
                    Fault::Resets => {
                        let _ = connection.peek(&mut [0]);
                    }
                    _ => drop(thread::spawn(move || misbehave(connection, fault))),
                }
            }
        });
    }
    port
}

fn misbehave(mut connection: TcpStream, fault: Fault) {
    let mut buffer = [0; 4096];
    match fault {
        Fault::NeverAnswers => while connection.read(&mut buffer).is_ok_and(|read| read > 0) {},
        Fault::Garbage => {
            let _ = connection.read(&mut buffer);
            let _ = connection.write_all(&[0xff, 0x00, b'x', b'\n'].repeat(64));
        }
        _ => {
            for byte in b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n".iter().cycle() {
                thread::sleep(Duration::from_millis(50));
                if connection.write_all(&[*byte]).is_err() {
                    return;
                }
            }
        }
    }
}

/// A request that a [`Scripted`] peer got.
#[derive(Clone, Debug)]
pub struct Got {
    /// When all of it had arrived.
    pub at: Instant,
    /// Request line and headers, names in lower case.
    pub head: String,
    /// As it was sent.
    pub body: Vec<u8>,
}

/// Speaks HTTP/1.1: gives the answers one after the other, the last one again and again.
#[derive(Debug)]
pub struct Scripted {
    /// Where it listens.
    pub port: u16,
    got: Arc<Mutex<Vec<Got>>>,
}

/// Took it.
pub const OK: &str = "200 OK\r\n";

impl Scripted {
    /// Each answer is a status and header lines, or those, an empty line and a body.
    pub fn new(answers: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let got = Arc::new(Mutex::new(Vec::new()));
        let peer = Self { port, got: got.clone() };
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let got = got.clone();
                thread::spawn(move || serve(connection, answers, &got));
            }
        });
        peer
    }

    /// What has arrived so far.
    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// Where error envelopes go.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/api/7/envelope/", self.port)
    }
}

fn serve(connection: TcpStream, answers: &[&str], got: &Mutex<Vec<Got>>) {
    let mut reader = BufReader::new(connection);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).is_ok_and(|read| read == 0) {
                return;
            }
        }
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |text| text.trim().parse().unwrap())];
        reader.read_exact(&mut body).unwrap();
        let answer = {
            let mut got = got.lock().unwrap();
            got.push(Got { at: Instant::now(), head, body });
            answers[(got.len() - 1).min(answers.len() - 1)]
        };
        let (head, body) = match answer.split_once("\r\n\r\n") {
            Some((head, body)) => (format!("{head}\r\n"), body),
            None => (answer.to_owned(), ""),
        };
        let length = body.len();
        let answer = format!("HTTP/1.1 {head}content-length: {length}\r\n\r\n{body}");
        if reader.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}
