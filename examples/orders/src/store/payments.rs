use jiff::Timestamp;
use obs_stack::api::observe_call;
use sqlx::AnyConnection;

use super::{NotStored, Store, calls, rows};
use crate::domain::{
    Refusal,
    orders::Order,
    payments::{NewPayment, Payment},
};

impl Store {
    /// Of payments that come together, one is stored and the others find the order paid.
    pub async fn pay(
        &self,
        order_id: &str,
        payment: &NewPayment,
        now: Timestamp,
    ) -> Result<(Order, Payment), NotStored> {
        let mut tx = observe_call(&calls::BEGIN, self.pool.begin()).await?;
        let mut order = locked_order(&mut tx, order_id).await?;
        let paid = payment.pay(&mut order, now)?;
        let update = sqlx::query("UPDATE orders SET status = $1 WHERE id = $2")
            .bind(order.status.as_str())
            .bind(order_id)
            .execute(&mut *tx);
        observe_call(&calls::UPDATE_ORDER, update).await?;
        let insert = sqlx::query(
            "INSERT INTO payments (id, order_id, gateway, amount, paid_at)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(paid.id.as_str())
        .bind(order_id)
        .bind(paid.gateway.as_str())
        .bind(paid.amount)
        .bind(paid.paid_at.as_millisecond())
        .execute(&mut *tx);
        observe_call(&calls::INSERT_PAYMENT, insert).await?;
        observe_call(&calls::COMMIT, tx.commit()).await?;
        Ok((order, paid))
    }
}

/// An update that changes nothing locks the row in PostgreSQL and the file in SQLite, which has
/// no `FOR UPDATE`; reading first and writing later would fail there with "database is locked".
async fn locked_order(tx: &mut AnyConnection, id: &str) -> Result<Order, NotStored> {
    let lock = sqlx::query(
        "UPDATE orders SET status = status WHERE id = $1
         RETURNING id, customer, kind, payment, status, total, placed_at",
    )
    .bind(id)
    .fetch_optional(tx);
    let row = observe_call(&calls::UPDATE_ORDER, lock).await?;
    Ok(rows::order(&row.ok_or_else(|| Refusal::UnknownOrder(id.to_owned()))?)?)
}
