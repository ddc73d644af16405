//! What the environment says, checked before anything starts.

mod database_url;
mod fault;
mod gateway_url;

use std::net::SocketAddr;

pub use database_url::DatabaseUrl;
pub use fault::{Fault, Faults};
pub use gateway_url::GatewayUrl;

/// The text of `--help`.
pub const HELP: &str = "\
orders-service: orders, payments, goods received, warehouse utilisation

Reads these variables, and takes no arguments:
  BIND_ADDR     where to listen, port 0 for any free one [127.0.0.1:8080]
  DATABASE_URL  sqlite://FILE?mode=rwc or postgres://USER:PASSWORD@HOST/DATABASE
                [sqlite://orders.db?mode=rwc]
  GATEWAY_URL   the payment gateway that payments are reconciled with [http://127.0.0.1:9]
and those of obs-*, such as OTEL_SERVICE_NAME, OBS_ENDPOINTS_PREFIX, OBS_SHUTDOWN_DELAY_MS.
";

/// The settings of the service.
#[derive(Debug, Clone)]
pub struct Config {
    /// `BIND_ADDR`.
    pub bind_addr: SocketAddr,
    /// `DATABASE_URL`.
    pub database_url: DatabaseUrl,
    /// `GATEWAY_URL`.
    pub gateway_url: GatewayUrl,
}

impl Config {
    /// Reads the settings through `variable`, which is `std::env::var(name).ok()` in the service.
    ///
    /// # Errors
    ///
    /// Every fault at once.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        let value =
            |name: &str, default: &str| variable(name).unwrap_or_else(|| default.to_owned());
        let bind_addr = bind_addr(&value("BIND_ADDR", "127.0.0.1:8080"));
        let database_url = DatabaseUrl::new(value("DATABASE_URL", "sqlite://orders.db?mode=rwc"));
        let gateway_url = GatewayUrl::new(&value("GATEWAY_URL", "http://127.0.0.1:9"));
        match (bind_addr, database_url, gateway_url) {
            (Ok(bind_addr), Ok(database_url), Ok(gateway_url)) => {
                Ok(Self { bind_addr, database_url, gateway_url })
            }
            (bind_addr, database_url, gateway_url) => {
                let faults = [bind_addr.err(), database_url.err(), gateway_url.err()];
                Err(Faults(faults.into_iter().flatten().collect()))
            }
        }
    }
}

fn bind_addr(value: &str) -> Result<SocketAddr, Fault> {
    value.parse().map_err(|error| {
        let fix = "write IP:PORT, such as 127.0.0.1:8080 or [::]:8080";
        Fault::new("BIND_ADDR", value, error, fix)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_needs_to_be_set() {
        let config = Config::read(|_| None).unwrap();
        assert_eq!(config.bind_addr.to_string(), "127.0.0.1:8080");
        assert!(config.database_url.is_sqlite());
    }

    #[test]
    fn every_fault_is_reported_and_no_password() {
        let faults = Config::read(|name| {
            Some(match name {
                "BIND_ADDR" => "localhost".to_owned(),
                "DATABASE_URL" => "mysql://root:hunter2@db/orders".to_owned(),
                _ => "https://me:hunter2@gateway".to_owned(),
            })
        })
        .unwrap_err();
        let text = faults.to_string();
        for part in ["BIND_ADDR", "DATABASE_URL", "GATEWAY_URL", "root:***@db"] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(!text.contains("hunter2"), "{text}");
    }
}
