//! A log into memory, and requests to log.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use obs_core::source::{Collector, Family, Value};
use obs_core::spans::SpanLayer;
use obs_core::{
    Clock, Exchange, Facts, Finished, Headers, Lifecycle, Observer, RequestContext, RequestInfo,
    Route, ServiceIdentity, Source, SpanId, TraceContext, TraceFlags, TraceId,
};
use obs_logging::{AccessLog, Format, Logging, LoggingSettings};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use tracing_subscriber::layer::SubscriberExt;

/// Waits at most so long for what takes no time.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// An output that keeps everything.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A log and what it wrote.
pub(crate) struct Log {
    pub(crate) logging: Logging,
    pub(crate) clock: Clock,
    memory: Memory,
}

impl Log {
    pub(crate) fn new(settings: LoggingSettings) -> Self {
        let memory = Memory::default();
        let (clock, _) = Clock::fake();
        let logging =
            Logging::with_output(settings, &service(), clock.clone(), Box::new(memory.clone()));
        Self { logging, clock, memory }
    }

    pub(crate) fn json() -> Self {
        Self::new(LoggingSettings::default())
    }

    pub(crate) fn console() -> Self {
        let mut settings = LoggingSettings::default();
        settings.format = Format::Console;
        Self::new(settings)
    }

    pub(crate) fn levels(levels: &str) -> Self {
        let mut settings = LoggingSettings::default();
        settings.levels = levels.parse().unwrap();
        Self::new(settings)
    }

    pub(crate) fn subscriber(&self) -> impl tracing::Subscriber + Send + Sync + use<> {
        tracing_subscriber::registry()
            .with(SpanLayer::new(self.clock.clone(), None))
            .with(self.logging.layer())
            .with(self.logging.filter())
    }

    /// Runs with this log as the thread's.
    pub(crate) fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        tracing::subscriber::with_default(self.subscriber(), f)
    }

    pub(crate) fn text(&self) -> String {
        assert!(self.logging.flush(SOON));
        self.memory.text()
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        self.text().lines().map(|line| line.parse().unwrap()).collect()
    }

    /// The only line.
    pub(crate) fn line(&self) -> Line {
        let [line] = <[Line; 1]>::try_from(self.lines()).unwrap();
        line
    }

    /// The time that the fake clock shows.
    pub(crate) fn time(&self) -> String {
        let at = self.clock.unix(self.clock.now());
        let whole = jiff::Timestamp::from_millisecond(at.as_millis() as i64).unwrap();
        format!("{whole:.3}")
    }

    pub(crate) fn lifecycle(&self) -> Arc<Lifecycle<Traced>> {
        let observer = Traced(self.logging.access_log());
        Arc::new(Lifecycle::new(observer).with_clock(self.clock.clone()))
    }

    pub(crate) fn begin(&self, facts: Get) -> Exchange<Traced, Get> {
        Exchange::begin(self.lifecycle(), facts, &GivenId("order-42"))
    }
}

pub(crate) fn service() -> ServiceIdentity {
    let mut service = ServiceIdentity::default();
    service.name = "orders".to_owned();
    service.environment = "test".to_owned();
    service
}

/// The access log, in a trace.
pub(crate) struct Traced(AccessLog);

pub(crate) const TRACE: &str = "0000000000000000000000000000abcd";
pub(crate) const SPAN: &str = "0000000000000017";

impl Observer for Traced {
    type State = ();

    fn begin(&self, request: &RequestInfo<'_>, context: &RequestContext) {
        context.set_trace(TraceContext {
            trace_id: TraceId::from_u128(0xabcd).unwrap(),
            span_id: SpanId::from_u64(0x17).unwrap(),
            parent: None,
            flags: TraceFlags::default(),
        });
        self.0.begin(request, context);
    }

    fn finish(&self, (): (), end: &Finished<'_>) {
        self.0.finish((), end);
    }
}

/// A request.
#[derive(Clone, Copy)]
pub(crate) struct Get {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) route: Option<&'static &'static str>,
}

impl Default for Get {
    fn default() -> Self {
        Self { method: "GET", path: "/orders/42", route: Some(&"/orders/{id}") }
    }
}

impl Facts for Get {
    fn method(&self) -> &str {
        self.method
    }

    fn path(&self) -> &str {
        self.path
    }

    fn route(&self) -> Option<Route<'_>> {
        self.route.map(|route| Route { pattern: route, owner: route })
    }
}

/// The headers of a client that gives its own request id.
pub(crate) struct GivenId(pub(crate) &'static str);

impl Headers for GivenId {
    fn get(&self, name: &str) -> Option<&[u8]> {
        (name == "x-request-id").then_some(self.0.as_bytes())
    }
}

/// A JSON object that remembers the order of its keys and refuses one that is there twice.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line(pub(crate) Vec<(String, serde_json::Value)>);

impl Line {
    pub(crate) fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(key, _)| key.as_str()).collect()
    }

    pub(crate) fn get(&self, key: &str) -> Option<&serde_json::Value> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    pub(crate) fn str(&self, key: &str) -> &str {
        self.get(key).and_then(|value| value.as_str()).unwrap_or_else(|| panic!("{key}: {self:?}"))
    }
}

impl std::str::FromStr for Line {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("{error}: {text}"))
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Line;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
                let mut line = Line(Vec::new());
                while let Some((key, value)) = map.next_entry::<String, _>()? {
                    if line.get(&key).is_some() {
                        return Err(serde::de::Error::custom(format!("{key} is there twice")));
                    }
                    line.0.push((key, value));
                }
                Ok(line)
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

/// The sample of a family, by its labels.
pub(crate) fn sample(source: &dyn Source, family: &str, labels: &[(&str, &str)]) -> u64 {
    struct Find<'a> {
        family: &'a str,
        labels: &'a [(&'a str, &'a str)],
        here: bool,
        found: Option<u64>,
    }

    impl Collector for Find<'_> {
        fn family(&mut self, family: &Family<'_>) {
            self.here = family.name == self.family;
        }

        fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
            if let (true, Value::Integer(value)) = (self.here && labels == self.labels, value) {
                self.found = Some(value);
            }
        }
    }

    let mut find = Find { family, labels, here: false, found: None };
    source.collect(&mut find);
    find.found.unwrap()
}

pub(crate) fn written(logging: &Logging) -> u64 {
    sample(logging, "obs_log_lines_written_total", &[])
}

pub(crate) fn dropped(logging: &Logging, reason: &str) -> u64 {
    sample(logging, "obs_log_lines_dropped_total", &[("reason", reason)])
}

/// Waits for a condition.
pub(crate) fn eventually(what: &str, condition: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + SOON;
    while !condition() {
        assert!(std::time::Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}
