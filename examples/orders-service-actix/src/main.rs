//! `orders-service` on actix-web: see there for what it does and how it is asked.
//!
//! ```text
//! cargo run -p orders-service-actix             # SQLite, in ./orders.db
//! cargo run -p orders-service-actix -- --help   # what else can be set
//! ```

use std::{error::Error, io::Write, process::ExitCode};

use actix_web::{App, HttpServer, rt};
use obs_actix::{Obs, Observe as _, Serve as _};
use orders::{
    OrderMetrics, Orders,
    config::{Config, Fault, HELP},
    store::Store,
};
use orders_service_actix::app;

#[actix_web::main]
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
    let _ = writeln!(std::io::stderr(), "orders-service-actix: {problem}");
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
    rt::spawn(async move {
        shutdown.begun().await;
        events.close();
    });

    let handle = obs.clone();
    let server = HttpServer::new(move || {
        App::new()
            .wrap(handle.middleware())
            .configure(handle.routes())
            .configure(app(orders.clone()))
    });
    // A client that has left is noticed at once, also while its events have nothing to tell.
    let server = server.h1_allow_half_closed(false);
    let server = server.bind(config.bind_addr).map_err(|error| {
        let fix = "stop whatever listens there, or choose another address; port 0 is any free one";
        Fault::new("BIND_ADDR", &config.bind_addr.to_string(), error, fix)
    })?;
    for address in server.addrs() {
        say(&format!("listening on http://{address}\n"))?;
    }
    orders::refresh(&obs, &store);
    obs.serve(server).await?;
    store.close().await;
    Ok(())
}

fn say(text: &str) -> Result<(), Box<dyn Error>> {
    let mut stdout = std::io::stdout();
    stdout.write_all(text.as_bytes())?;
    Ok(stdout.flush()?)
}
