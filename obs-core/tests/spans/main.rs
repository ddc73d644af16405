//! What a layer of spans remembers, and what becomes of it.
#![cfg(feature = "spans")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod ends;
mod fields;
mod requests;
mod service;
