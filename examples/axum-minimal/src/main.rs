//! examples/axum-minimal

fn main() {}
