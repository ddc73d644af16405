//! Stands in for a tracing backend and an error tracker: takes what the service exports.

mod body;
mod envelope;
mod otlp;
mod receiver;

use anyhow::Result;

pub(super) use self::{envelope::Event, otlp::Span, receiver::Receiver};

/// Both receivers; dropping them closes their ports.
pub(super) struct Receivers {
    pub(super) traces: Receiver<Span>,
    pub(super) errors: Receiver<Event>,
}

impl Receivers {
    pub(super) async fn start() -> Result<Self> {
        Ok(Self {
            traces: Receiver::start(otlp::take).await?,
            errors: Receiver::start(envelope::take).await?,
        })
    }
}
