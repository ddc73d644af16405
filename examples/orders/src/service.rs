use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::Stream;
use jiff::{SignedDuration, Timestamp};
use obs_stack::api::RequestContext;
use obs_stack::api::metrics::{
    Capped, funnel_stage, goods_processing, goods_received, order_created, order_status,
    payment_processed,
};
use tokio::time::sleep;

use crate::config::GatewayUrl;
use crate::domain::Refusal;
use crate::domain::goods::{Delivery, GoodsReceived};
use crate::domain::id::now;
use crate::domain::orders::{NewOrder, Order, OrderWithLines};
use crate::domain::payments::{NewPayment, Payment};
use crate::domain::refusal::check_range;
use crate::domain::warehouse::{Forecast, Utilization, WINDOW_DAYS, Warehouse};
use crate::events::Events;
use crate::export;
use crate::gateway::Gateway;
use crate::metrics::OrderMetrics;
use crate::problem::Problem;
use crate::store::{DailyReport, Settlement, Store};

/// How many orders an export has at most.
const MOST: i64 = 1_000;

/// What the service does, one method per route. Clones share everything.
#[derive(Debug, Clone)]
pub struct Orders {
    /// What happens to orders; close it before the service stops.
    pub events: Events,
    store: Store,
    gateway: Gateway,
    metrics: OrderMetrics,
}

impl Orders {
    pub fn new(store: Store, gateway: GatewayUrl, metrics: OrderMetrics) -> Self {
        Self { events: Events::new(), store, gateway: Gateway::new(gateway), metrics }
    }

    pub async fn place(&self, order: NewOrder) -> Result<OrderWithLines, Problem> {
        let now = now();
        let placed = order.place(now)?;
        if let Some(context) = RequestContext::current() {
            context.add("order.lines", placed.lines.len());
        }
        self.store.add_order(&placed).await?;
        let (order, lines) = (&placed.order, placed.lines.len());
        order_created!(order.kind, order.payment, order.total as f64);
        funnel_stage!("checkout");
        self.metrics.order_lines.observe((order.kind, order.payment), lines as f64);
        self.events.tell(&placed.order, now);
        Ok(placed)
    }

    pub async fn newest(&self, limit: i64) -> Result<Vec<Order>, Problem> {
        check_range("limit", limit, 1, 100)?;
        Ok(self.store.newest_orders(limit).await?)
    }

    pub async fn order(&self, id: String) -> Result<OrderWithLines, Problem> {
        let order = self.store.order(&id).await?;
        Ok(order.ok_or(Refusal::UnknownOrder(id))?)
    }

    /// The newest orders, one JSON object per line.
    pub async fn export(
        &self,
    ) -> Result<impl Stream<Item = serde_json::Result<Bytes>> + use<>, Problem> {
        Ok(export::paced(&self.store.newest_orders(MOST).await?))
    }

    pub async fn pay(&self, order: &str, payment: &NewPayment) -> Result<Payment, Problem> {
        let now = now();
        let (order, paid) = match self.store.pay(order, payment, now).await {
            Ok(paid) => paid,
            Err(error) => {
                payment_processed!(payment.gateway, "failed", payment.amount as f64);
                return Err(error.into());
            }
        };
        payment_processed!(paid.gateway, "success", paid.amount as f64);
        order_status!(order.kind, order.payment, order.status);
        funnel_stage!("order_complete");
        self.events.tell(&order, now);
        Ok(paid)
    }

    pub async fn reconcile(&self) -> Result<Vec<Settlement>, Problem> {
        let settlements = self.store.settlements(midnight(now())).await?;
        self.gateway.reconcile(&settlements).await?;
        Ok(settlements)
    }

    pub async fn receive(&self, delivery: Delivery) -> Result<GoodsReceived, Problem> {
        let (goods, began) = (delivery.receive(now())?, Instant::now());
        self.store.receive(&goods).await?;
        // It is one of those that the database knows, hence one of a few.
        let warehouse = Capped::new(goods.warehouse.as_str());
        goods_received!(warehouse, "accepted");
        goods_processing!(warehouse, "booking", began.elapsed());
        Ok(goods)
    }

    pub async fn utilization(&self, warehouse: String) -> Result<Utilization, Problem> {
        Ok(self.warehouse(warehouse).await?.utilization())
    }

    pub async fn forecast(&self, warehouse: String) -> Result<Forecast, Problem> {
        let warehouse = self.warehouse(warehouse).await?;
        let since = now() - SignedDuration::from_hours(24 * WINDOW_DAYS);
        let received = self.store.received_since(&warehouse.name, since).await?;
        Ok(warehouse.forecast(received))
    }

    pub async fn daily_report(&self) -> Result<DailyReport, Problem> {
        let report = self.store.daily_report(midnight(now())).await?;
        ask_remote_warehouse().await;
        Ok(report)
    }

    async fn warehouse(&self, name: String) -> Result<Warehouse, Problem> {
        let warehouse = self.store.warehouse(&name).await?;
        warehouse.ok_or(Problem::NoSuchWarehouse(name))
    }
}

/// Stands in for the API of a remote warehouse, which takes its time.
async fn ask_remote_warehouse() {
    sleep(Duration::from_millis(fastrand::u64(150..=900))).await;
}

/// The last midnight, UTC.
fn midnight(now: Timestamp) -> Timestamp {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let today = now.as_millisecond().div_euclid(DAY) * DAY;
    Timestamp::from_millisecond(today).unwrap_or(now)
}
