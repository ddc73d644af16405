use axum::{
    Error, Router,
    body::Body,
    extract::State,
    http::{StatusCode, header},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
    routing::{get, post},
};
use futures_util::{Stream, StreamExt};
use orders::domain::goods::{Delivery, GoodsReceived};
use orders::domain::orders::{NewOrder, Order, OrderWithLines, Page};
use orders::domain::payments::{NewPayment, Payment};
use orders::domain::warehouse::{Forecast, Utilization};
use orders::store::DailyReport;
use orders::{Orders, Problem, Seen};
use serde_json::{Value, json};

use crate::body::{Json, Name, Query};
use crate::error::Failed;

type Answer<T> = Result<axum::Json<T>, Failed>;
type Created<T> = Result<(StatusCode, axum::Json<T>), Failed>;

/// The whole service.
pub fn app(orders: Orders) -> Router {
    Router::new()
        .route("/orders", post(place).get(list))
        .route("/orders/export", get(export))
        .route("/orders/events", get(watch))
        .route("/orders/{id}", get(read))
        .route("/orders/{id}/payments", post(pay))
        .route("/payments/reconcile", post(reconcile))
        .route("/goods-received", post(receive))
        .route("/warehouses/{name}/utilization", get(utilization))
        .route("/warehouses/{name}/forecast", get(forecast))
        .route("/reports/daily", get(daily))
        .fallback(async || Failed::from(Problem::NoSuchRoute))
        .method_not_allowed_fallback(async || Failed::from(Problem::NoSuchMethod))
        .with_state(orders)
}

async fn place(
    State(orders): State<Orders>,
    Json(order): Json<NewOrder>,
) -> Created<OrderWithLines> {
    Ok((StatusCode::CREATED, axum::Json(orders.place(order).await?)))
}

async fn list(State(orders): State<Orders>, Query(page): Query<Page>) -> Answer<Vec<Order>> {
    Ok(axum::Json(orders.newest(page.limit).await?))
}

async fn read(State(orders): State<Orders>, Name(id): Name) -> Answer<OrderWithLines> {
    Ok(axum::Json(orders.order(id).await?))
}

async fn export(State(orders): State<Orders>) -> Result<impl IntoResponse, Failed> {
    let lines = Body::from_stream(orders.export().await?);
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], lines))
}

/// What happens to orders from now on, as server-sent events.
async fn watch(State(orders): State<Orders>) -> Sse<impl Stream<Item = Result<Event, Error>>> {
    let events = orders.events.watch().map(|seen| match seen {
        Seen::Event(event) => {
            Event::default().event(event.status.as_str()).id(event.order.clone()).json_data(event)
        }
        Seen::Missed(count) => Ok(Event::default().event("missed").data(count.to_string())),
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn pay(
    State(orders): State<Orders>,
    Name(order): Name,
    Json(payment): Json<NewPayment>,
) -> Created<Payment> {
    Ok((StatusCode::CREATED, axum::Json(orders.pay(&order, &payment).await?)))
}

async fn reconcile(State(orders): State<Orders>) -> Answer<Value> {
    Ok(axum::Json(json!({"reconciled": orders.reconcile().await?})))
}

async fn receive(
    State(orders): State<Orders>,
    Json(delivery): Json<Delivery>,
) -> Created<GoodsReceived> {
    Ok((StatusCode::CREATED, axum::Json(orders.receive(delivery).await?)))
}

async fn utilization(State(orders): State<Orders>, Name(name): Name) -> Answer<Utilization> {
    Ok(axum::Json(orders.utilization(name).await?))
}

async fn forecast(State(orders): State<Orders>, Name(name): Name) -> Answer<Forecast> {
    Ok(axum::Json(orders.forecast(name).await?))
}

async fn daily(State(orders): State<Orders>) -> Answer<DailyReport> {
    Ok(axum::Json(orders.daily_report().await?))
}
