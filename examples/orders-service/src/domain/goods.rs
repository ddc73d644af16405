use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    id::new_id,
    refusal::{Refusal, check_range, check_text},
};

/// A lorry at the gate.
#[derive(Debug, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) warehouse: String,
    pub(crate) sku: String,
    pub(crate) quantity: i64,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct GoodsReceived {
    pub(crate) id: String,
    pub(crate) warehouse: String,
    pub(crate) sku: String,
    pub(crate) quantity: i64,
    pub(crate) received_at: Timestamp,
}

impl Delivery {
    pub(crate) fn receive(self, now: Timestamp) -> Result<GoodsReceived, Refusal> {
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
