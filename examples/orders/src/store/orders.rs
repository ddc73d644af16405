use obs_stack::api::{CallKind, observe_call};
use sqlx::Error;

use super::{Store, rows};
use crate::domain::orders::{Order, OrderWithLines};

impl Store {
    pub async fn add_order(&self, placed: &OrderWithLines) -> Result<(), Error> {
        let order = &placed.order;
        let mut tx = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO orders (id, customer, kind, payment, status, total, placed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(order.id.as_str())
        .bind(order.customer.as_str())
        .bind(order.kind.as_str())
        .bind(order.payment.as_str())
        .bind(order.status.as_str())
        .bind(order.total)
        .bind(order.placed_at.as_millisecond())
        .execute(&mut *tx)
        .await?;
        for (position, line) in (0_i64..).zip(&placed.lines) {
            sqlx::query(
                "INSERT INTO order_lines (order_id, position, sku, quantity, unit_price)
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(order.id.as_str())
            .bind(position)
            .bind(line.sku.as_str())
            .bind(line.quantity)
            .bind(line.unit_price)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await
    }

    pub async fn order(&self, id: &str) -> Result<Option<OrderWithLines>, Error> {
        let query = sqlx::query(
            "SELECT id, customer, kind, payment, status, total, placed_at
             FROM orders WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.pool);
        let row = observe_call(CallKind::Database, "order", query).await?;
        let Some(row) = row else { return Ok(None) };
        let lines = sqlx::query(
            "SELECT sku, quantity, unit_price FROM order_lines
             WHERE order_id = $1 ORDER BY position",
        )
        .bind(id)
        .fetch_all(&self.pool)
        .await?;
        Ok(Some(OrderWithLines {
            order: rows::order(&row)?,
            lines: lines.iter().map(rows::line).collect::<Result<_, _>>()?,
        }))
    }

    pub async fn newest_orders(&self, limit: i64) -> Result<Vec<Order>, Error> {
        let query = sqlx::query(
            "SELECT id, customer, kind, payment, status, total, placed_at
             FROM orders ORDER BY placed_at DESC, id DESC LIMIT $1",
        )
        .bind(limit)
        .fetch_all(&self.pool);
        let found = observe_call(CallKind::Database, "newest_orders", query).await?;
        found.iter().map(rows::order).collect()
    }
}
