use thiserror::Error;

/// Why the business says no. The text is for whoever sent the request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("{field} must have 1 to {max} characters")]
    BadText { field: &'static str, max: usize },
    #[error("{field} must be between {min} and {max}, got {got}")]
    OutOfRange { field: &'static str, min: i64, max: i64, got: i64 },
    #[error("an order has 1 to {max} lines, got {got}")]
    BadLineCount { max: usize, got: usize },
    #[error("no order {0:?}")]
    UnknownOrder(String),
    #[error("no warehouse {0:?}")]
    UnknownWarehouse(String),
    #[error("order {order} costs {total}, not {amount}")]
    WrongAmount { order: String, total: i64, amount: i64 },
    #[error("order {0} is already paid")]
    AlreadyPaid(String),
    #[error("warehouse {warehouse} has room for {free} more, not for {quantity}")]
    OverCapacity { warehouse: String, free: i64, quantity: i64 },
}

pub fn check_text(field: &'static str, text: &str, max: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() || text.chars().count() > max {
        return Err(Refusal::BadText { field, max });
    }
    Ok(())
}

pub fn check_range(field: &'static str, got: i64, min: i64, max: i64) -> Result<(), Refusal> {
    if (min..=max).contains(&got) {
        return Ok(());
    }
    Err(Refusal::OutOfRange { field, min, max, got })
}
