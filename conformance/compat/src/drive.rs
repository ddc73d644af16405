//! The requests that all services get.

use std::net::SocketAddr;

use anyhow::{Result, ensure};
use tokio::task::JoinSet;

use crate::http;

/// How often, what, and what comes of it. Every handler takes a time in the midst of a wide bucket.
const REQUESTS: [(usize, &str, &str, u16); 11] = [
    (7, "GET", "/fast", 200),
    (3, "HEAD", "/fast", 200),
    (5, "GET", "/slow", 200),
    (4, "GET", "/orders/7", 200),
    (2, "GET", "/orders/8", 200),
    (3, "GET", "/orders/0", 404),
    (6, "POST", "/orders", 201),
    (2, "DELETE", "/orders/7", 200),
    (5, "GET", "/api/v1/items/3", 200),
    (2, "GET", "/fails", 500),
    (3, "GET", "/favicon.ico", 404),
];

/// Asks all at once; returns how many requests each got.
pub(crate) async fn round(addresses: impl Iterator<Item = SocketAddr>) -> Result<usize> {
    let mut tasks = JoinSet::new();
    for address in addresses {
        for (times, method, path, expected) in REQUESTS {
            for _ in 0..times {
                tasks.spawn(async move {
                    let (status, _) = http::ask(address, method, path).await?;
                    ensure!(status == expected, "{method} {path} got {status}, not {expected}");
                    Ok(())
                });
            }
        }
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok(REQUESTS.iter().map(|(times, ..)| times).sum())
}
