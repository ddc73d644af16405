use sqlx::{AnyConnection, Connection};

use super::goods::insert_goods;
use crate::domain::{goods::Delivery, id::now};

/// Name, capacity, opening stock. Nothing ever arrives in lagos: its forecast is the one that panics.
const WAREHOUSES: [(&str, i64, i64); 3] =
    [("china", 10_000_000, 3_500_000), ("ghana", 5_000_000, 2_100_000), ("lagos", 1_000_000, 0)];

/// Adds the warehouses that are missing; those that are there stay as they are.
pub(super) async fn warehouses(connection: &mut AnyConnection) -> Result<(), super::NotStored> {
    for (name, capacity, stock) in WAREHOUSES {
        let mut tx = connection.begin().await?;
        let added = sqlx::query(
            "INSERT INTO warehouses (name, capacity, used) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(name)
        .bind(capacity)
        .bind(stock)
        .execute(&mut *tx)
        .await?
        .rows_affected();
        if added == 1 && stock > 0 {
            let delivery = Delivery {
                warehouse: name.to_owned(),
                sku: "opening-stock".to_owned(),
                quantity: stock,
            };
            insert_goods(&mut tx, &delivery.receive(now())?).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}
