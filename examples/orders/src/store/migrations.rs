use std::borrow::Cow;

use sqlx::{
    AnyConnection, SqlSafeStr,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

const MIGRATIONS: [(i64, &str, &str); 2] = [
    (1, "orders and payments", include_str!("../../migrations/0001_orders_and_payments.sql")),
    (2, "warehouses and goods", include_str!("../../migrations/0002_warehouses_and_goods.sql")),
];

/// Runs what has not run yet. On PostgreSQL under a lock: services may start together.
pub(super) async fn run(connection: &mut AnyConnection) -> Result<(), MigrateError> {
    let migrations = MIGRATIONS.map(|(version, description, sql)| {
        Migration::new(
            version,
            Cow::Borrowed(description),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.into()).run(connection).await
}
