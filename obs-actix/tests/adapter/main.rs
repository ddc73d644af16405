//! What the adapter does for requests over real sockets.

mod business;
mod counted;
mod drain;
mod endpoints;
mod ends;
mod errors;
mod harness;
mod headers;
mod http2;
mod routes;
mod scope;
