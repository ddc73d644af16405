//! `orders-service` on axum: routes and translation. What it does is in the crate `orders`.

mod body;
mod error;
mod routes;

pub use routes::app;
