//! What every library is given.

/// The names of the three labels.
pub const NAMES: [&str; 3] = ["method", "route", "status"];

/// The series that is counted over and over.
pub const HOT: [&str; 3] = ["GET", "/items/{id}", "200"];

/// Upper bounds of the buckets, in seconds.
pub const BOUNDS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// Twelve bounds, `+Inf`, the sum and the count.
pub const LINES_PER_HISTOGRAM: u64 = BOUNDS.len() as u64 + 3;

/// What is observed over and over, in seconds: the eighth bucket.
pub const OBSERVED: f64 = 0.137;

/// What a histogram holds before it is encoded, in seconds: something in every bucket.
pub const OBSERVATIONS: [f64; 13] =
    [0.0007, 0.0013, 0.0042, 0.0071, 0.019, 0.033, 0.083, 0.137, 0.31, 0.77, 1.9, 3.1, 7.7];

/// The labels of so many series, all different.
pub fn series(count: usize) -> impl Iterator<Item = (&'static str, String, &'static str)> {
    const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];
    const STATUSES: [&str; 5] = ["200", "201", "204", "404", "500"];
    (0..count).map(|at| {
        (METHODS[at % METHODS.len()], format!("/items/{at}"), STATUSES[at % STATUSES.len()])
    })
}

/// What the counter number `at` of those to encode has counted.
#[must_use]
pub const fn count(at: usize) -> u64 {
    at as u64 * 37 + 1
}

/// The samples in a text: its lines that are neither comments nor empty and begin with `name`.
#[must_use]
pub fn samples(text: &str, name: &str) -> u64 {
    text.lines().filter(|line| line.starts_with(name)).count() as u64
}

/// The value of the first sample in a text that begins with `name`, 0 without one.
#[must_use]
pub fn value(text: &str, name: &str) -> u64 {
    let line = text.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0)
}
