use obs_stack::api::observe_call;
use sqlx::Error;

use super::{Store, calls, rows};
use crate::domain::orders::{Order, OrderWithLines};

impl Store {
    pub async fn add_order(&self, placed: &OrderWithLines) -> Result<(), Error> {
        let order = &placed.order;
        let mut tx = observe_call(&calls::BEGIN, self.pool.begin()).await?;
        let insert = sqlx::query(
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
        .execute(&mut *tx);
        observe_call(&calls::INSERT_ORDER, insert).await?;
        for (position, line) in (0_i64..).zip(&placed.lines) {
            let insert = sqlx::query(
                "INSERT INTO order_lines (order_id, position, sku, quantity, unit_price)
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(order.id.as_str())
            .bind(position)
            .bind(line.sku.as_str())
            .bind(line.quantity)
            .bind(line.unit_price)
            .execute(&mut *tx);
            observe_call(&calls::INSERT_LINE, insert).await?;
        }
        observe_call(&calls::COMMIT, tx.commit()).await
    }

    pub async fn order(&self, id: &str) -> Result<Option<OrderWithLines>, Error> {
        let query = sqlx::query(
            "SELECT id, customer, kind, payment, status, total, placed_at
             FROM orders WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.pool);
        let row = observe_call(&calls::SELECT_ORDER, query).await?;
        let Some(row) = row else { return Ok(None) };
        let query = sqlx::query(
            "SELECT sku, quantity, unit_price FROM order_lines
             WHERE order_id = $1 ORDER BY position",
        )
        .bind(id)
        .fetch_all(&self.pool);
        let lines = observe_call(&calls::SELECT_LINES, query).await?;
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
        let found = observe_call(&calls::SELECT_ORDER, query).await?;
        found.iter().map(rows::order).collect()
    }
}
