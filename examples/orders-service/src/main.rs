//! A service one would really run: orders, payments, goods received, warehouse utilisation.
//!
//! ```text
//! cargo run -p orders-service                   # SQLite, in ./orders.db
//! DATABASE_URL=postgres://me@localhost/orders cargo run -p orders-service
//! cargo run -p orders-service -- --help         # what else can be set
//!
//! B=http://127.0.0.1:8080 J='content-type: application/json'
//! curl $B/orders -H "$J" -d '{"customer":"c-1","kind":"b2b","payment":"bkash",
//!   "lines":[{"sku":"rice-5kg","quantity":2,"unit_price":1250}]}'
//! curl "$B/orders?limit=20"
//! curl $B/orders/$ID
//! curl $B/orders/$ID/payments -H "$J" -d '{"gateway":"bkash","amount":2500}'
//! curl -N $B/orders/export                      # NDJSON, the newest 1 000
//! curl -N $B/orders/events                      # server-sent events, until you leave
//! curl $B/goods-received -H "$J" -d '{"warehouse":"ghana","sku":"rice-5kg","quantity":10}'
//! curl $B/warehouses/ghana/utilization
//! curl $B/warehouses/ghana/forecast             # panics for lagos: a bug left in on purpose
//! curl $B/reports/daily                         # slow
//! curl -X POST $B/payments/reconcile            # 502, unless GATEWAY_URL names a gateway
//! ```

use std::{error::Error, io::Write, process::ExitCode};

use obs_axum::{Obs, Observe as _, Serve as _};
use orders::{
    OrderMetrics, Orders,
    config::{Config, Fault, HELP},
    store::Store,
};
use orders_service::app;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match std::env::args().nth(1).as_deref() {
        None => run().await,
        Some("--help" | "-h") => say(HELP),
        Some(other) => Err(format!("unknown argument {other:?}; see --help").into()),
    };
    let Err(problem) = outcome else {
        return ExitCode::SUCCESS;
    };
    // Nothing is left to do about a closed stderr.
    let _ = writeln!(std::io::stderr(), "orders-service: {problem}");
    ExitCode::FAILURE
}

async fn run() -> Result<(), Box<dyn Error>> {
    let obs = Obs::from_env()?.with_service_version(env!("CARGO_PKG_VERSION")).install()?;
    let config = Config::read(|name| std::env::var(name).ok())?;
    let store = Store::open(&config.database_url).await?;
    let pinged = store.clone();
    obs.check("database", move || {
        let store = pinged.clone();
        async move { store.ping().await }
    });
    let orders = Orders::new(store.clone(), config.gateway_url, OrderMetrics::new(obs.metrics())?);
    let (events, shutdown) = (orders.events.clone(), obs.shutdown().clone());
    tokio::spawn(async move {
        shutdown.begun().await;
        events.close();
    });

    let listener = TcpListener::bind(config.bind_addr).await.map_err(|error| {
        let fix = "stop whatever listens there, or choose another address; port 0 is any free one";
        Fault::new("BIND_ADDR", &config.bind_addr.to_string(), error, fix)
    })?;
    say(&format!("listening on http://{}\n", listener.local_addr()?))?;
    orders::refresh(&obs, &store);
    obs.serve(listener, app(orders).observe(&obs)).await?;
    store.close().await;
    Ok(())
}

fn say(text: &str) -> Result<(), Box<dyn Error>> {
    let mut stdout = std::io::stdout();
    stdout.write_all(text.as_bytes())?;
    Ok(stdout.flush()?)
}
