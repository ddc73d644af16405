//! What is written to a metric must be what it takes.
use obs_metrics::testing::Recorder;
use obs_metrics::{define_metrics, label_enum};

label_enum! { pub enum OrderKind { B2b = "b2b", B2c = "b2c" } }
label_enum! { pub enum Payment { Bkash = "bkash", Card = "card" } }

define_metrics! {
    pub struct Shop {
        /// Orders placed.
        counter orders { kind: OrderKind, payment: Payment };
        /// Abandoned carts.
        counter carts;
    }
}

fn main() {
    let recorder = Recorder::new();
    let shop = Shop::new(recorder.metrics()).unwrap();
    // A wrong enum.
    shop.orders.inc((Payment::Bkash, Payment::Card));
    // Not all labels.
    shop.orders.inc(OrderKind::B2b);
    // Too many.
    shop.orders.inc((OrderKind::B2b, Payment::Card, true));
    // A counter does not go down.
    shop.carts.add(-1);
}
