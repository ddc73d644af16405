//! Orders, payments and warehouses in SQLite or PostgreSQL: the same statements for both.

mod calls;
mod goods;
mod migrations;
mod open;
mod orders;
mod payments;
mod reports;
mod rows;
mod seed;

use sqlx::AnyPool;
use thiserror::Error;

/// What the database says.
pub use sqlx::Error as StoreError;

use crate::domain::Refusal;
pub use reports::{DailyReport, Settlement};

/// The database. Clones share one pool of connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: AnyPool,
}

/// Why something was not stored.
#[derive(Debug, Error)]
pub enum NotStored {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Broken(#[from] sqlx::Error),
}

impl Store {
    /// Closes every connection; SQLite writes its log back into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Connections of the pool: those in use, those that are idle, and how many there may be.
    pub fn connections(&self) -> (u32, u32, u32) {
        let (all, idle) = (self.pool.size(), self.pool.num_idle() as u32);
        (all.saturating_sub(idle), idle, self.pool.options().get_max_connections())
    }

    /// Asks the database for nothing: a health check.
    ///
    /// # Errors
    ///
    /// The database did not answer.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map(drop)
    }

    /// Name and version of the database, such as `postgresql 15.18`.
    ///
    /// # Errors
    ///
    /// The database did not answer.
    pub async fn backend(&self) -> Result<String, sqlx::Error> {
        let sqlite: Result<String, _> =
            sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&self.pool).await;
        if let Ok(version) = sqlite {
            return Ok(format!("sqlite {version}"));
        }
        let version: String = sqlx::query_scalar("SELECT version()").fetch_one(&self.pool).await?;
        let number = version.split_whitespace().nth(1).unwrap_or("?");
        Ok(format!("postgresql {number}"))
    }
}
