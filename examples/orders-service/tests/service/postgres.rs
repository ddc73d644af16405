use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use orders::{config::DatabaseUrl, store::Store};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{
    cluster::Cluster,
    scenarios::{ALL, Scenario, play},
    server::{NO_GATEWAY, Service},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_scenario_holds_on_postgresql() {
    let Some(cluster) = Cluster::start() else {
        let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!ci, "PostgreSQL is not installed, but CI must not skip it");
        eprintln!("SKIPPED: PostgreSQL is not installed (no initdb); nothing ran on it");
        return;
    };
    services_may_start_together(&cluster).await;
    let mut failed = Vec::new();
    for &(name, scenario) in ALL {
        let database = created(&cluster, name).await;
        // One that panics must not hide the others.
        let played = AssertUnwindSafe(on_postgres(database, scenario)).catch_unwind();
        if played.await.is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "failed on PostgreSQL: {failed:?}");
}

async fn services_may_start_together(cluster: &Cluster) {
    let url = DatabaseUrl::new(created(cluster, "together").await).unwrap();
    let (one, other) = tokio::join!(Store::open(&url), Store::open(&url));
    eprintln!("backend: {}", one.unwrap().backend().await.unwrap());
    other.unwrap().close().await;
}

async fn on_postgres(database: String, scenario: Scenario) {
    let service = Service::start(&database, NO_GATEWAY).await;
    assert!(service.backend.starts_with("postgresql"));
    play(scenario, &service).await;
}

async fn created(cluster: &Cluster, database: &str) -> String {
    let mut connection = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
    // Names longer than 63 characters are cut, here and when connecting.
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE \"{database}\"")))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    cluster.url(database)
}
