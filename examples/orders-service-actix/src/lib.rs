//! `orders-service` on actix-web: routes and translation. What it does is in the crate `orders`.

mod error;
mod routes;

pub use routes::app;
