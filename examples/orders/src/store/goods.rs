use jiff::Timestamp;
use obs_stack::api::observe_call;
use sqlx::{AnyConnection, Error};

use super::{NotStored, Store, calls, rows};
use crate::domain::{Refusal, goods::GoodsReceived, warehouse::Warehouse};

impl Store {
    /// Deliveries that come together are stored one after the other, up to the capacity.
    pub async fn receive(&self, goods: &GoodsReceived) -> Result<(), NotStored> {
        let mut tx = observe_call(&calls::BEGIN, self.pool.begin()).await?;
        let mut warehouse = locked_warehouse(&mut tx, &goods.warehouse).await?;
        warehouse.store(goods.quantity)?;
        let update = sqlx::query("UPDATE warehouses SET used = $1 WHERE name = $2")
            .bind(warehouse.used)
            .bind(warehouse.name.as_str())
            .execute(&mut *tx);
        observe_call(&calls::UPDATE_WAREHOUSE, update).await?;
        insert_goods(&mut tx, goods).await?;
        Ok(observe_call(&calls::COMMIT, tx.commit()).await?)
    }

    pub async fn warehouse(&self, name: &str) -> Result<Option<Warehouse>, Error> {
        let query = sqlx::query("SELECT name, capacity, used FROM warehouses WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.pool);
        let row = observe_call(&calls::SELECT_WAREHOUSE, query).await?;
        row.as_ref().map(rows::warehouse).transpose()
    }

    pub async fn warehouses(&self) -> Result<Vec<Warehouse>, Error> {
        let query = sqlx::query("SELECT name, capacity, used FROM warehouses ORDER BY name")
            .fetch_all(&self.pool);
        let rows = observe_call(&calls::SELECT_WAREHOUSE, query).await?;
        rows.iter().map(rows::warehouse).collect()
    }

    pub async fn received_since(&self, name: &str, since: Timestamp) -> Result<i64, Error> {
        let query = sqlx::query_scalar(
            "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM goods_received
             WHERE warehouse = $1 AND received_at >= $2",
        )
        .bind(name)
        .bind(since.as_millisecond())
        .fetch_one(&self.pool);
        observe_call(&calls::SELECT_GOODS, query).await
    }
}

/// Locks like `locked_order` next door.
async fn locked_warehouse(tx: &mut AnyConnection, name: &str) -> Result<Warehouse, NotStored> {
    let lock = sqlx::query(
        "UPDATE warehouses SET used = used WHERE name = $1 RETURNING name, capacity, used",
    )
    .bind(name)
    .fetch_optional(tx);
    let row = observe_call(&calls::UPDATE_WAREHOUSE, lock).await?;
    Ok(rows::warehouse(&row.ok_or_else(|| Refusal::UnknownWarehouse(name.to_owned()))?)?)
}

pub(super) async fn insert_goods(
    tx: &mut AnyConnection,
    goods: &GoodsReceived,
) -> Result<(), Error> {
    let insert = sqlx::query(
        "INSERT INTO goods_received (id, warehouse, sku, quantity, received_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(goods.id.as_str())
    .bind(goods.warehouse.as_str())
    .bind(goods.sku.as_str())
    .bind(goods.quantity)
    .bind(goods.received_at.as_millisecond())
    .execute(tx);
    observe_call(&calls::INSERT_GOODS, insert).await.map(drop)
}
