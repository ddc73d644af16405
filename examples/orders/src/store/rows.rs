use jiff::Timestamp;
use sqlx::{Error, Row, any::AnyRow};

use crate::domain::{
    orders::{Line, Order, OrderKind, OrderStatus},
    payments::Gateway,
    warehouse::Warehouse,
};

pub(super) fn order(row: &AnyRow) -> Result<Order, Error> {
    Ok(Order {
        id: row.try_get("id")?,
        customer: row.try_get("customer")?,
        kind: known(row, "kind", OrderKind::from_text)?,
        payment: known(row, "payment", Gateway::from_text)?,
        status: known(row, "status", OrderStatus::from_text)?,
        total: row.try_get("total")?,
        placed_at: time(row, "placed_at")?,
    })
}

pub(super) fn line(row: &AnyRow) -> Result<Line, Error> {
    Ok(Line {
        sku: row.try_get("sku")?,
        quantity: row.try_get("quantity")?,
        unit_price: row.try_get("unit_price")?,
    })
}

pub(super) fn warehouse(row: &AnyRow) -> Result<Warehouse, Error> {
    Ok(Warehouse {
        name: row.try_get("name")?,
        capacity: row.try_get("capacity")?,
        used: row.try_get("used")?,
    })
}

pub(super) fn known<T>(
    row: &AnyRow,
    column: &str,
    from_text: impl Fn(&str) -> Option<T>,
) -> Result<T, Error> {
    let text: &str = row.try_get(column)?;
    from_text(text).ok_or_else(|| Error::ColumnDecode {
        index: column.to_owned(),
        source: format!("unknown value {text:?}").into(),
    })
}

fn time(row: &AnyRow, column: &str) -> Result<Timestamp, Error> {
    Timestamp::from_millisecond(row.try_get(column)?)
        .map_err(|error| Error::ColumnDecode { index: column.to_owned(), source: error.into() })
}
