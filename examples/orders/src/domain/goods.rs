use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    id::new_id,
    refusal::{Refusal, check_range, check_text},
};

/// A lorry at the gate.
#[derive(Debug, Deserialize)]
pub struct Delivery {
    pub warehouse: String,
    pub sku: String,
    pub quantity: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct GoodsReceived {
    pub id: String,
    pub warehouse: String,
    pub sku: String,
    pub quantity: i64,
    pub received_at: Timestamp,
}

impl Delivery {
    pub fn receive(self, now: Timestamp) -> Result<GoodsReceived, Refusal> {
        check_text("sku", &self.sku, 64)?;
        check_range("quantity", self.quantity, 1, 100_000_000)?;
        Ok(GoodsReceived {
            id: new_id(now),
            warehouse: self.warehouse,
            sku: self.sku,
            quantity: self.quantity,
            received_at: now,
        })
    }
}
