use std::{path::Path, time::Duration};

use sqlx::{AnyConnection, Connection, Executor, any::AnyPoolOptions};
use tokio::time::timeout;

use super::{Store, migrations, seed};
use crate::config::{DatabaseUrl, Fault};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// SQLite has one writer at a time anyway; PostgreSQL gets one connection per worker, roughly.
const CONNECTIONS: u32 = 8;

impl Store {
    /// Connects, brings the tables up to date and seeds the warehouses.
    ///
    /// # Errors
    ///
    /// The database cannot be reached or is not ours.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, Fault> {
        sqlx::any::install_default_drivers();
        // One connection first: a pool would retry a refused connection and report only a timeout.
        let mut first = timeout(CONNECT_TIMEOUT, AnyConnection::connect(url.expose()))
            .await
            .map_err(|_| no_answer(url, "no answer within 5 s"))?
            .map_err(|error| no_answer(url, error))?;
        prepare(&mut first, url).await.map_err(|problem| not_ours(url, problem))?;
        first.close().await.map_err(|error| no_answer(url, error))?;

        let is_sqlite = url.is_sqlite();
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_secs(3))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if is_sqlite {
                        connection.execute("PRAGMA synchronous = NORMAL").await?;
                    }
                    Ok(())
                })
            })
            .connect(url.expose())
            .await
            .map_err(|error| no_answer(url, error))?;
        Ok(Self { pool })
    }
}

async fn prepare(
    connection: &mut AnyConnection,
    url: &DatabaseUrl,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    if url.is_sqlite() {
        // Readers do not wait for the writer; remembered in the file.
        connection.execute("PRAGMA journal_mode = WAL").await?;
    }
    migrations::run(connection).await?;
    seed::warehouses(connection).await?;
    Ok(())
}

fn no_answer(url: &DatabaseUrl, problem: impl ToString) -> Fault {
    let fix = match url.sqlite_path() {
        Some(path) if !directory_of(path).is_dir() => {
            format!("create the directory {}", directory_of(path).display())
        }
        Some(_) => "add ?mode=rwc to create the file, and check its permissions".to_owned(),
        None => "start the database, or check host, port, user and database name; \
                 TLS is not built in (sslmode=disable)"
            .to_owned(),
    };
    url.fault(problem, fix)
}

fn not_ours(url: &DatabaseUrl, problem: impl ToString) -> Fault {
    let fix = "name a database of this service that its user may change, or an empty one";
    url.fault(problem, fix)
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}
