use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Refusal,
    id::new_id,
    orders::{Order, OrderStatus},
};

text_enum! {
    Gateway { Bkash = "bkash", Nagad = "nagad", SslCommerz = "sslcommerz" }
}

/// What a gateway reports. A customer may pay through another gateway than announced.
#[derive(Debug, Deserialize)]
pub struct NewPayment {
    pub gateway: Gateway,
    pub amount: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Payment {
    pub id: String,
    pub order_id: String,
    pub gateway: Gateway,
    pub amount: i64,
    pub paid_at: Timestamp,
}

impl NewPayment {
    /// Pays `order` in full, once.
    pub fn pay(&self, order: &mut Order, now: Timestamp) -> Result<Payment, Refusal> {
        if order.status == OrderStatus::Paid {
            return Err(Refusal::AlreadyPaid(order.id.clone()));
        }
        if order.total != self.amount {
            return Err(Refusal::WrongAmount {
                order: order.id.clone(),
                total: order.total,
                amount: self.amount,
            });
        }
        order.status = OrderStatus::Paid;
        Ok(Payment {
            id: new_id(now),
            order_id: order.id.clone(),
            gateway: self.gateway,
            amount: self.amount,
            paid_at: now,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::orders::OrderKind;

    #[test]
    fn an_order_is_paid_in_full_and_once() {
        let now = Timestamp::now();
        let mut order = Order {
            id: "o-1".to_owned(),
            customer: "c-1".to_owned(),
            kind: OrderKind::B2c,
            payment: Gateway::Nagad,
            status: OrderStatus::Placed,
            total: 2500,
            placed_at: now,
        };
        let mut pay = |amount| {
            let payment = NewPayment { gateway: Gateway::Bkash, amount };
            payment.pay(&mut order, now).map(|payment| payment.amount)
        };
        assert!(matches!(pay(1), Err(Refusal::WrongAmount { .. })));
        assert_eq!(pay(2500), Ok(2500));
        assert_eq!(pay(2500), Err(Refusal::AlreadyPaid("o-1".to_owned())));
    }
}
