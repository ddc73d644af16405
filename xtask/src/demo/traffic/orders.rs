//! The orders that clients know of.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// An order as the service answered it; its total is given back digit by digit.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) total: Value,
}

impl Order {
    pub(super) fn from_json(text: &[u8]) -> Option<Self> {
        let mut answer: Value = serde_json::from_slice(text).ok()?;
        let id = match &answer["id"] {
            Value::String(id) => id.clone(),
            Value::Number(id) => id.to_string(),
            _ => return None,
        };
        Some(Self { id, total: answer["total"].take() })
    }
}

#[derive(Default)]
pub(super) struct Orders {
    unpaid: Mutex<Vec<Order>>,
    paid: Mutex<Vec<Order>>,
}

impl Orders {
    pub(super) fn placed(&self, order: Order) {
        lock(&self.unpaid).push(order);
    }

    pub(super) fn paid(&self, order: Order) {
        lock(&self.paid).push(order);
    }

    /// Takes an order to pay it: nobody else pays it meanwhile.
    pub(super) fn take_unpaid(&self) -> Option<Order> {
        let mut unpaid = lock(&self.unpaid);
        (!unpaid.is_empty())
            .then(|| fastrand::usize(..unpaid.len()))
            .map(|index| unpaid.swap_remove(index))
    }

    pub(super) fn any_unpaid(&self) -> Option<Order> {
        fastrand::choice(lock(&self.unpaid).iter()).cloned()
    }

    pub(super) fn any_paid(&self) -> Option<Order> {
        fastrand::choice(lock(&self.paid).iter()).cloned()
    }
}

fn lock(orders: &Mutex<Vec<Order>>) -> MutexGuard<'_, Vec<Order>> {
    orders.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_may_be_numbers_or_text() {
        assert_eq!(Order::from_json(br#"{"id":7,"total":2500}"#).unwrap().id, "7");
        let order = Order::from_json(br#"{"id":"o-7","total":2500.50}"#).unwrap();
        assert_eq!((order.id.as_str(), order.total.as_f64()), ("o-7", Some(2500.5)));
        assert!(Order::from_json(b"{}").is_none());
    }

    #[test]
    fn an_order_is_paid_by_one_client() {
        let orders = Orders::default();
        assert!(orders.take_unpaid().is_none());
        orders.placed(Order { id: "1".to_owned(), total: Value::Null });
        assert!(orders.any_unpaid().is_some());
        assert!(orders.take_unpaid().is_some());
        assert!(orders.take_unpaid().is_none());
        assert!(orders.any_paid().is_none());
    }
}
