//! examples/orders-service

fn main() {}
