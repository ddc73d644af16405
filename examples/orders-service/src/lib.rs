//! The parts of `orders-service`, for its tests. The program itself is in `main.rs`.

pub mod config;
mod domain;
mod events;
mod gateway;
pub mod http;
pub mod store;

pub use events::Events;
