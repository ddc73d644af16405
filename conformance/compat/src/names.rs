//! What is called how.

use std::net::SocketAddr;

use crate::services::Pair;

#[derive(Clone, Copy)]
pub(crate) struct Names {
    pub(crate) peer: &'static str,
    pub(crate) preset: &'static str,
    total: &'static str,
    duration: &'static str,
    pub(crate) in_flight: Option<&'static str>,
    /// How the peer calls the method `BREW`.
    pub(crate) odd_method: &'static str,
    /// Whether the handler of a client that has left is cancelled.
    pub(crate) cancels: bool,
}

pub(crate) const AXUM: Names = Names {
    peer: "axum-prometheus",
    preset: "AxumPrometheus",
    total: "axum_http_requests_total",
    duration: "axum_http_requests_duration_seconds",
    in_flight: Some("axum_http_requests_pending"),
    odd_method: "",
    cancels: true,
};

pub(crate) const ACTIX: Names = Names {
    peer: "actix-web-prom",
    preset: "ActixWebProm",
    total: "api_http_requests_total",
    duration: "api_http_requests_duration_seconds",
    in_flight: None,
    odd_method: "BREW",
    cancels: false,
};

impl Names {
    pub(crate) fn jobs(&self, pair: &Pair) -> [(&'static str, SocketAddr); 2] {
        [(self.peer, pair.peer), (self.preset, pair.ours)]
    }

    /// The query for one job, with these names for `TOTAL` and `DURATION`.
    pub(crate) fn query(&self, job: &str, query: &str) -> String {
        query
            .replace("JOB", &format!("job=\"{job}\""))
            .replace("TOTAL", self.total)
            .replace("DURATION", self.duration)
    }

    pub(crate) fn families(&self) -> impl Iterator<Item = &'static str> {
        [self.total, self.duration].into_iter().chain(self.in_flight)
    }
}
