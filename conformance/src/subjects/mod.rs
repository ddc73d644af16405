//! What is tried: each adapter, with the same application on top.

mod actix;
pub mod app;
mod axum;
mod tonic;

use std::io;
use std::net::TcpListener;

use obs_stack::Obs;

/// An adapter, and the fixed application on top of it.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// Its name on the command line and in `differences.toml`.
    pub name: &'static str,
    /// Which application it serves.
    pub api: Api,
    /// Whether `--mutants` tries it. An adapter is tried once, with the settings that show the most.
    pub mutants: bool,
    /// Serves the application until the process is told to stop by SIGTERM, then drains. It makes the
    /// runtime that the framework wants. The handle is installed.
    pub serve: fn(Obs, TcpListener) -> io::Result<()>,
}

/// Which application is served, and so which scenarios there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// `scenarios/http.toml`.
    Http,
    /// `scenarios/grpc.toml`.
    Grpc,
}

/// Those of this workspace.
pub const ALL: &[Subject] = &[
    Subject { name: "axum", api: Api::Http, mutants: true, serve: axum::serve },
    Subject { name: "actix", api: Api::Http, mutants: false, serve: actix::serve },
    Subject {
        name: "actix-cancelling",
        api: Api::Http,
        mutants: true,
        serve: actix::serve_cancelling,
    },
    Subject { name: "tonic", api: Api::Grpc, mutants: true, serve: tonic::serve },
];
