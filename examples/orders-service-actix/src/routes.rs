use actix_web::body::BodyStream;
use actix_web::web::{
    self, Bytes, Data, Json, JsonConfig, Path, PathConfig, Query, QueryConfig, ServiceConfig,
};
use actix_web::{HttpResponse, Resource, Responder};
use futures_util::StreamExt as _;
use orders::domain::goods::Delivery;
use orders::domain::orders::{NewOrder, Page};
use orders::domain::payments::NewPayment;
use orders::{Orders, Problem, Seen};
use serde_json::json;

use crate::error::Failed;

type Answer = Result<HttpResponse, Failed>;

/// The whole service.
pub fn app(orders: Orders) -> impl FnOnce(&mut ServiceConfig) + Clone {
    move |app| {
        app.app_data(Data::new(orders))
            .app_data(JsonConfig::default().error_handler(|error, _| Failed::json(&error).into()))
            .app_data(QueryConfig::default().error_handler(|error, _| Failed::query(&error).into()))
            .app_data(PathConfig::default().error_handler(|error, _| Failed::path(&error).into()))
            .service(
                resource("/orders")
                    .route(web::post().to(place))
                    .route(web::get().to(list))
                    .route(web::head().to(list)),
            )
            .service(resource("/orders/export").route(web::get().to(export)))
            .service(resource("/orders/events").route(web::get().to(watch)))
            .service(resource("/orders/{id}").route(web::get().to(read)))
            .service(resource("/orders/{id}/payments").route(web::post().to(pay)))
            .service(resource("/payments/reconcile").route(web::post().to(reconcile)))
            .service(resource("/goods-received").route(web::post().to(receive)))
            .service(resource("/warehouses/{name}/utilization").route(web::get().to(utilization)))
            .service(resource("/warehouses/{name}/forecast").route(web::get().to(forecast)))
            .service(resource("/reports/daily").route(web::get().to(daily)))
            .default_service(web::to(async || Answer::Err(Problem::NoSuchRoute.into())));
    }
}

/// Another method than those of its routes is refused as everything is.
fn resource(path: &str) -> Resource {
    web::resource(path.to_owned())
        .default_service(web::to(async || Answer::Err(Problem::NoSuchMethod.into())))
}

async fn place(orders: Data<Orders>, order: Json<NewOrder>) -> Answer {
    Ok(HttpResponse::Created().json(orders.place(order.into_inner()).await?))
}

async fn list(orders: Data<Orders>, page: Query<Page>) -> Answer {
    Ok(HttpResponse::Ok().json(orders.newest(page.limit).await?))
}

async fn read(orders: Data<Orders>, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(orders.order(id.into_inner()).await?))
}

async fn export(orders: Data<Orders>) -> Answer {
    let lines = BodyStream::new(Box::pin(orders.export().await?));
    Ok(HttpResponse::Ok().content_type("application/x-ndjson").body(lines))
}

/// What happens to orders from now on, as server-sent events.
async fn watch(orders: Data<Orders>) -> impl Responder {
    let events = orders.events.watch().map(|seen| match seen {
        Seen::Event(event) => serde_json::to_string(&event).map(|data| {
            let (status, order) = (event.status.as_str(), &event.order);
            Bytes::from(format!("event: {status}\nid: {order}\ndata: {data}\n\n"))
        }),
        Seen::Missed(count) => Ok(Bytes::from(format!("event: missed\ndata: {count}\n\n"))),
    });
    HttpResponse::Ok().content_type("text/event-stream").streaming(events)
}

async fn pay(orders: Data<Orders>, order: Path<String>, payment: Json<NewPayment>) -> Answer {
    Ok(HttpResponse::Created().json(orders.pay(&order, &payment).await?))
}

async fn reconcile(orders: Data<Orders>) -> Answer {
    Ok(HttpResponse::Ok().json(json!({"reconciled": orders.reconcile().await?})))
}

async fn receive(orders: Data<Orders>, delivery: Json<Delivery>) -> Answer {
    Ok(HttpResponse::Created().json(orders.receive(delivery.into_inner()).await?))
}

async fn utilization(orders: Data<Orders>, name: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(orders.utilization(name.into_inner()).await?))
}

async fn forecast(orders: Data<Orders>, name: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(orders.forecast(name.into_inner()).await?))
}

async fn daily(orders: Data<Orders>) -> Answer {
    Ok(HttpResponse::Ok().json(orders.daily_report().await?))
}
