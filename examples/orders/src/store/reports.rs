use jiff::Timestamp;
use obs_stack::api::observe_call;
use serde::Serialize;
use sqlx::{Error, Row};

use super::{Store, calls, rows::known};
use crate::domain::{
    orders::{OrderKind, OrderStatus},
    payments::Gateway,
};

#[derive(Debug, Serialize)]
pub struct DailyReport {
    pub since: Timestamp,
    pub orders: Vec<OrdersOfKind>,
    pub payments: Vec<Settlement>,
    pub goods_received: i64,
}

#[derive(Debug, Serialize)]
pub struct OrdersOfKind {
    kind: OrderKind,
    status: OrderStatus,
    count: i64,
    total: i64,
    units: i64,
}

/// What came in through one gateway.
#[derive(Debug, Serialize)]
pub struct Settlement {
    gateway: Gateway,
    pub count: i64,
    pub amount: i64,
}

impl Store {
    pub async fn daily_report(&self, since: Timestamp) -> Result<DailyReport, Error> {
        let query = sqlx::query_scalar(
            "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM goods_received
             WHERE received_at >= $1",
        )
        .bind(since.as_millisecond())
        .fetch_one(&self.pool);
        let goods_received = observe_call(&calls::SELECT_GOODS, query).await?;
        Ok(DailyReport {
            since,
            orders: self.orders_by_kind(since).await?,
            payments: self.settlements(since).await?,
            goods_received,
        })
    }

    async fn orders_by_kind(&self, since: Timestamp) -> Result<Vec<OrdersOfKind>, Error> {
        // PostgreSQL sums BIGINT to NUMERIC, which sqlx's common driver cannot read: hence the casts.
        let query = sqlx::query(
            "SELECT kind, status, COUNT(*) AS orders,
                    CAST(SUM(total) AS BIGINT) AS total, CAST(SUM(units) AS BIGINT) AS units
             FROM (SELECT orders.id, kind, status, total, SUM(quantity) AS units
                   FROM orders JOIN order_lines ON order_id = orders.id
                   WHERE placed_at >= $1
                   GROUP BY orders.id, kind, status, total) AS todays
             GROUP BY kind, status ORDER BY kind, status",
        )
        .bind(since.as_millisecond())
        .fetch_all(&self.pool);
        let found = observe_call(&calls::SELECT_ORDER, query).await?;
        let of_kind = |row| {
            Ok(OrdersOfKind {
                kind: known(row, "kind", OrderKind::from_text)?,
                status: known(row, "status", OrderStatus::from_text)?,
                count: row.try_get("orders")?,
                total: row.try_get("total")?,
                units: row.try_get("units")?,
            })
        };
        found.iter().map(of_kind).collect()
    }

    pub async fn settlements(&self, since: Timestamp) -> Result<Vec<Settlement>, Error> {
        let query = sqlx::query(
            "SELECT gateway, COUNT(*) AS payments, CAST(SUM(amount) AS BIGINT) AS amount
             FROM payments WHERE paid_at >= $1 GROUP BY gateway ORDER BY gateway",
        )
        .bind(since.as_millisecond())
        .fetch_all(&self.pool);
        let found = observe_call(&calls::SELECT_PAYMENTS, query).await?;
        let of_gateway = |row| {
            Ok(Settlement {
                gateway: known(row, "gateway", Gateway::from_text)?,
                count: row.try_get("payments")?,
                amount: row.try_get("amount")?,
            })
        };
        found.iter().map(of_gateway).collect()
    }
}
