//! What a case is, and how it is checked.

use std::sync::Arc;

use http_body_util::BodyExt as _;
use obs_axum::{Obs, Observe as _, Panics, Settings, Setup};
use obs_core::tower::ObserveLayer;
use obs_core::{Lifecycle, Outcome};
use tokio::io::AsyncReadExt as _;

use crate::app::app;
use crate::harness::{
    BOTH, Client, PATIENCE, Protocol, Record, RecordedFacts, Recorder, Scrape, Server, eventually,
    raw,
};

/// One request, how its client behaves, and the one record it must leave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) on: &'static [Protocol],
    pub(crate) client: Does,
    pub(crate) panics: Panics,
    pub(crate) route: &'static str,
    pub(crate) status: u16,
    pub(crate) outcome: Outcome,
    pub(crate) streaming: bool,
}

/// What the client does, and gets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Does {
    /// Reads a whole response with the recorded status.
    Reads,
    /// Reads as far as it gets: the server breaks off.
    IsCutOff,
    /// Gives up while the handler runs. Over HTTP/2 the connection stays.
    LeavesTheHandler,
    /// Gives up after a chunk of the body. Over HTTP/2 the connection stays.
    LeavesTheBody,
    /// Closes the connection while the handler runs.
    ClosesInTheHandler,
    /// Closes the connection after a chunk of the body.
    ClosesInTheBody,
}

/// A GET over both protocols that is read to its end and counted as 200.
pub(crate) const fn case(path: &'static str) -> Case {
    Case {
        method: "GET",
        path,
        on: BOTH,
        client: Does::Reads,
        panics: Panics::Answer,
        route: path,
        status: 200,
        outcome: Outcome::Complete,
        streaming: false,
    }
}

impl Case {
    /// Once with the metrics of the library, once with an observer that remembers the outcome.
    pub(crate) async fn check(&self) {
        for protocol in self.on {
            println!("{protocol:?} {self:?}");
            self.check_metrics(*protocol).await;
            self.check_record(*protocol).await;
        }
    }

    async fn check_metrics(&self, protocol: Protocol) {
        let obs = Setup::new(Settings::default()).with_settings(|s| s.panics = self.panics).build();
        let server = Server::start(app().observe(&obs)).await;
        let begun = async || Scrape::of(&obs).await.in_flight() == 1;
        self.drive(&server, protocol, begun).await;

        eventually(|| Seen::of(&obs), self.expected(), "metrics").await;
        server.stop().await;
        assert_eq!(Seen::of(&obs).await, self.expected(), "after the connection ended");
    }

    async fn check_record(&self, protocol: Protocol) {
        let recorder = Recorder::default();
        let lifecycle = Lifecycle::new(recorder.clone()).with_panics(self.panics);
        let layer = ObserveLayer::<_, RecordedFacts>::new(Arc::new(lifecycle));
        let server = Server::serve(app().layer(layer)).await;
        let begun = async || recorder.begun() == 1 && recorder.ended().is_empty();
        self.drive(&server, protocol, begun).await;

        let expected = [Record {
            method: self.method.to_owned(),
            route: (self.route != "unknown").then(|| self.route.to_owned()),
            status: self.status,
            outcome: self.outcome,
            streaming: self.streaming,
        }];
        eventually(async || recorder.ended(), expected.to_vec(), "records").await;
        server.stop().await;
        assert_eq!((recorder.begun(), recorder.ended()), (1, expected.to_vec()));
    }

    /// What the metrics say after this request, and no other.
    fn expected(&self) -> Seen {
        let series = (self.method.to_owned(), self.route.to_owned(), self.status, 1);
        Seen {
            in_flight: 0,
            requests: vec![series.clone()],
            timed: if self.streaming { vec![] } else { vec![series] },
            cancelled_in_body: u64::from(self.outcome == Outcome::CancelledInBody),
            body_error: u64::from(self.outcome == Outcome::BodyError),
            observed_twice: 0,
        }
    }

    async fn drive(&self, server: &Server, protocol: Protocol, begun: impl AsyncFn() -> bool) {
        let closes = matches!(self.client, Does::ClosesInTheHandler | Does::ClosesInTheBody);
        if protocol == Protocol::Http1 && closes {
            return self.drive_raw(server, begun).await;
        }
        let mut client = Client::connect(server.addr, protocol).await;
        match self.client {
            Does::Reads => {
                let answer = client.call(self.method, self.path, &[]).await.unwrap();
                assert_eq!(answer.status, self.status);
                assert_eq!(answer.trailers.is_some(), self.path == "/trailers");
            }
            Does::IsCutOff => {
                let answer = client.call(self.method, self.path, &[]).await;
                assert!(answer.is_none(), "{answer:?}");
            }
            Does::LeavesTheHandler | Does::ClosesInTheHandler => {
                let request = client.send(self.method, self.path, &[]);
                tokio::select! {
                    response = request => panic!("no response was to come: {response:?}"),
                    () = eventually(&begun, true, "the handler to run") => {}
                }
                if self.client == Does::LeavesTheHandler {
                    // The connection outlives the request: what is seen is due to the reset.
                    eventually(&begun, false, "the end of the request").await;
                }
            }
            Does::LeavesTheBody | Does::ClosesInTheBody => {
                let response = client.send(self.method, self.path, &[]).await.unwrap();
                assert_eq!(response.status(), self.status);
                let mut body = response.into_body();
                assert!(body.frame().await.unwrap().is_ok());
                assert!(begun().await, "the request is under way");
                if self.client == Does::LeavesTheBody {
                    drop(body);
                    eventually(&begun, false, "the end of the request").await;
                }
            }
        }
    }

    /// A bare socket that is closed in the middle.
    async fn drive_raw(&self, server: &Server, begun: impl AsyncFn() -> bool) {
        let request = format!("{} {} HTTP/1.1\r\nhost: test\r\n\r\n", self.method, self.path);
        let mut socket = raw(server.addr, request).await;
        eventually(&begun, true, "the handler to run").await;
        if self.client == Does::ClosesInTheBody {
            let (mut seen, mut buffer) = (Vec::new(), [0; 1024]);
            // At least a byte of the body.
            while seen
                .windows(4)
                .position(|end| end == b"\r\n\r\n")
                .is_none_or(|at| at + 4 == seen.len())
            {
                let read = tokio::time::timeout(PATIENCE, socket.read(&mut buffer));
                let count = read.await.unwrap().unwrap();
                assert_ne!(count, 0, "closed by the server");
                seen.extend_from_slice(&buffer[..count]);
            }
        }
        drop(socket);
    }
}

/// Everything that the metrics say of requests.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) in_flight: u64,
    pub(crate) requests: Vec<(String, String, u16, u64)>,
    pub(crate) timed: Vec<(String, String, u16, u64)>,
    pub(crate) cancelled_in_body: u64,
    pub(crate) body_error: u64,
    pub(crate) observed_twice: u64,
}

impl Seen {
    pub(crate) async fn of(obs: &Obs) -> Self {
        let scrape = Scrape::of(obs).await;
        Self {
            in_flight: scrape.in_flight(),
            requests: scrape.requests(),
            timed: scrape.timed(),
            cancelled_in_body: scrape.aborted("cancelled_in_body"),
            body_error: scrape.aborted("body_error"),
            observed_twice: scrape.observed_twice(),
        }
    }
}

/// Checks one case after the other.
pub(crate) async fn check_all(cases: &[Case]) {
    for case in cases {
        case.check().await;
    }
}
