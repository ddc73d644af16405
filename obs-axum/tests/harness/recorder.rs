use std::any::Any;
use std::sync::{Arc, Mutex};

use axum::extract::MatchedPath;
use http::{Method, Request, Uri};
use obs_core::tower::RequestFacts;
use obs_core::{Facts, Finished, Keep, Observer, Outcome, RequestContext, RequestInfo, Route};

/// Remembers every exchange that ended: for what the metrics do not tell apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder(Arc<Mutex<Log>>);

#[derive(Debug, Default)]
struct Log {
    begun: usize,
    ended: Vec<Record>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) method: String,
    pub(crate) route: Option<String>,
    pub(crate) status: u16,
    pub(crate) outcome: Outcome,
    pub(crate) streaming: bool,
}

impl Recorder {
    pub(crate) fn begun(&self) -> usize {
        self.0.lock().unwrap().begun
    }

    pub(crate) fn ended(&self) -> Vec<Record> {
        self.0.lock().unwrap().ended.clone()
    }
}

impl Observer for Recorder {
    type State = ();

    fn begin(&self, _: &RequestInfo<'_>, _: &RequestContext) {
        self.0.lock().unwrap().begun += 1;
    }

    fn finish(&self, (): (), end: &Finished<'_>) {
        self.0.lock().unwrap().ended.push(Record {
            method: end.facts.method().to_owned(),
            route: end.route().map(|route| route.pattern.to_owned()),
            status: end.status,
            outcome: end.outcome,
            streaming: end.streaming,
        });
    }
}

/// As obs-axum has it.
#[derive(Debug)]
struct Matched(MatchedPath);

impl Keep for Matched {
    fn keep(&self) -> Box<dyn Any> {
        Box::new(self.0.clone())
    }
}

/// What the recorder wants to know of a request.
#[derive(Debug)]
pub(crate) struct RecordedFacts {
    method: Method,
    uri: Uri,
    matched: Option<Matched>,
}

impl RequestFacts for RecordedFacts {
    fn of<B>(request: &Request<B>) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            matched: request.extensions().get::<MatchedPath>().cloned().map(Matched),
        }
    }
}

impl Facts for RecordedFacts {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn path(&self) -> &str {
        self.uri.path()
    }

    fn route(&self) -> Option<Route<'_>> {
        let matched = self.matched.as_ref()?;
        Some(Route { pattern: matched.0.as_str(), owner: matched })
    }
}
