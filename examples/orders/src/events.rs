use std::sync::Arc;

use futures_util::{Stream, StreamExt, stream};
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::{broadcast, watch};

use crate::domain::orders::{Order, OrderStatus};

/// A watcher that is this far behind loses the oldest events.
const BACKLOG: usize = 256;

/// What happens to orders, told to everybody who watches.
#[derive(Debug, Clone)]
pub struct Events {
    sender: broadcast::Sender<OrderEvent>,
    closed: Arc<watch::Sender<bool>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct OrderEvent {
    pub order: String,
    pub status: OrderStatus,
    pub total: i64,
    pub at: Timestamp,
}

/// What a watcher sees.
#[derive(Debug)]
pub enum Seen {
    Event(OrderEvent),
    Missed(u64),
}

impl Events {
    pub(crate) fn new() -> Self {
        Self { sender: broadcast::channel(BACKLOG).0, closed: Arc::new(watch::channel(false).0) }
    }

    pub(crate) fn tell(&self, order: &Order, at: Timestamp) {
        // Fails if nobody watches, which is fine.
        let _ = self.sender.send(OrderEvent {
            order: order.id.clone(),
            status: order.status,
            total: order.total,
            at,
        });
    }

    /// Ends all streams of events, now and in future: they would keep a stopping service alive.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Never ends before [`Events::close`].
    pub fn watch(&self) -> impl Stream<Item = Seen> + Send + use<> {
        let mut closed = self.closed.subscribe();
        let events = stream::unfold(self.sender.subscribe(), |mut receiver| async {
            let seen = match receiver.recv().await {
                Ok(event) => Seen::Event(event),
                Err(broadcast::error::RecvError::Lagged(missed)) => Seen::Missed(missed),
                Err(broadcast::error::RecvError::Closed) => return None,
            };
            Some((seen, receiver))
        });
        events.take_until(async move {
            // Fails if the service is gone, which ends the stream just as well.
            let _ = closed.wait_for(|closed| *closed).await;
        })
    }
}
