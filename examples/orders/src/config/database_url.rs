use std::{fmt, path::Path};

use super::fault::{Fault, masked};

const VARIABLE: &str = "DATABASE_URL";

/// Where the database is. Shown without its password.
#[derive(Clone)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// # Errors
    ///
    /// Neither SQLite nor PostgreSQL, or a SQLite database in memory.
    pub fn new(url: impl Into<String>) -> Result<Self, Fault> {
        let url = Self(url.into());
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known.iter().any(|scheme| url.0.starts_with(scheme)) {
            let fix = "write sqlite://FILE?mode=rwc or postgres://USER:PASSWORD@HOST/DATABASE";
            return Err(url.fault("neither SQLite nor PostgreSQL", fix));
        }
        if url.is_sqlite() && url.0.contains("memory") && !url.0.contains("mode=rw") {
            // Every connection of the pool would have a database of its own.
            return Err(url.fault("a database in memory", "name a file: sqlite://FILE?mode=rwc"));
        }
        Ok(url)
    }

    pub fn is_sqlite(&self) -> bool {
        self.0.starts_with("sqlite:")
    }

    pub fn sqlite_path(&self) -> Option<&Path> {
        let path = self.0.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        path.split('?').next().map(Path::new)
    }

    /// With the password.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn fault(&self, problem: impl ToString, fix: impl Into<String>) -> Fault {
        Fault::new(VARIABLE, &self.0, problem, fix)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(&self.0))
    }
}
