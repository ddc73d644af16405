//! What a service with an admin listener answers on which port: the same for every adapter.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;

use crate::{Client, PATIENCE, Protocol};

const PROBES: [&str; 3] = ["/live", "/startup", "/ready"];
const INTERNAL: [&str; 4] = ["/metrics", "/metrics/summary", "/metrics/cardinality", "/health"];

async fn status(addr: SocketAddr, path: &str, authorization: Option<&str>) -> u16 {
    let headers: Vec<_> = authorization.map(|value| ("authorization", value)).into_iter().collect();
    let mut client = Client::connect(addr, Protocol::Http1).await;
    client.call("GET", path, &headers).await.unwrap().status.as_u16()
}

/// The application's port has the probes only, the admin port has all, to clients with the token.
pub async fn each_port_has_its_paths(app: SocketAddr, admin: SocketAddr, token: Option<&str>) {
    let bearer = token.map(|token| format!("Bearer {token}"));
    for path in PROBES {
        for addr in [app, admin] {
            assert_eq!(status(addr, path, None).await, 200, "{path}");
        }
    }
    for path in INTERNAL {
        assert_eq!(status(app, path, bearer.as_deref()).await, 404, "{path}");
        assert_eq!(status(admin, path, bearer.as_deref()).await, 200, "{path}");
        let without = if token.is_some() { 401 } else { 200 };
        assert_eq!(status(admin, path, None).await, without, "{path}");
    }
    assert_eq!(status(admin, "/nothing", bearer.as_deref()).await, 404);
    if let Some(token) = token {
        let lower = format!("bearer {token}");
        assert_eq!(status(admin, "/metrics", Some(&lower)).await, 200);
        let longer = format!("Bearer {token}x");
        let shorter = format!("Bearer {}", &token[1..]);
        let basic = format!("Basic {token}");
        for wrong in [&longer, &shorter, &basic, "Bearer", "Bearer ", "é", token] {
            assert_eq!(status(admin, "/metrics", Some(wrong)).await, 401, "{wrong}");
        }
        assert_eq!(status(admin, "/nothing", None).await, 401, "it does not say what exists");
    }

    let headers: Vec<_> = bearer.iter().map(|value| ("authorization", value.as_str())).collect();
    let mut client = Client::connect(admin, Protocol::Http1).await;
    let posted = client.call("POST", "/metrics", &headers).await.unwrap();
    assert_eq!((posted.status.as_u16(), posted.header("allow")), (405, Some("GET, HEAD")));
    let head = client.call("HEAD", "/health", &headers).await.unwrap();
    assert_eq!((head.status.as_u16(), head.text()), (200, ""));
    let scrape = client.call("GET", "/metrics", &headers).await.unwrap();
    assert_eq!(scrape.header("cache-control"), Some("no-store"));
    // The application's 404s are counted; nothing of the admin port is.
    let counted = scrape.text().lines().filter(|line| line.starts_with("http_requests_total{"));
    let total: f64 =
        counted.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum();
    assert_eq!(total, INTERNAL.len() as f64, "{}", scrape.text());

    let large = "x".repeat(20_000);
    let mut client = Client::connect(admin, Protocol::Http1).await;
    let refused = client.call("GET", "/live", &[("x-large", &large)]).await;
    assert!(refused.is_none_or(|answer| answer.status == 431), "the head of a request is bounded");
}

/// While the application drains, the admin port answers, and says so; then it is closed. `ended` waits
/// for the end of the service, which has one open request, `release` lets that request go on.
pub async fn it_ends_last(
    app: SocketAddr,
    admin: SocketAddr,
    release: impl FnOnce(),
    ended: impl Future<Output = ()>,
) {
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(app).await.is_ok() {
        assert!(Instant::now() < deadline, "the application still accepts");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(status(admin, "/ready", None).await, 503);
    let mut client = Client::connect(admin, Protocol::Http1).await;
    let scrape = client.call("GET", "/metrics", &[]).await.unwrap();
    assert!(scrape.text().contains("\nhttp_requests_in_flight 1\n"), "{}", scrape.text());
    release();
    ended.await;
    assert!(TcpStream::connect(admin).await.is_err(), "the admin listener is closed");
}
