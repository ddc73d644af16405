use clap::builder::RangedU64ValueParser;

/// What `cargo xtask demo` accepts.
#[derive(clap::Args)]
#[command(after_help = "\
Needs nothing but cargo. If a `prometheus` binary is on PATH, it scrapes the service and
answers for the table; otherwise the table is read from the service's own /metrics.

The demo itself receives the service's spans (OTLP) and error events. After the traffic it
sends one request that fails, and reads its trace id back from the answer, the log, the
span, the error event, and the exemplar where there is one.

Everything listens on free ports of 127.0.0.1 and writes to one temporary directory.
Nothing is left behind, whether the demo ends by itself, fails, or is stopped with Ctrl-C.

Fails if the service cannot be built or started, if it counted other requests than were
driven, if the trace id is missing or another at any end, or if log lines, spans or error
events are missing without the service saying so.")]
pub(crate) struct Args {
    /// Which service: both do the same.
    #[arg(long, value_enum, default_value_t = Framework::Axum)]
    pub(super) framework: Framework,

    /// How long to drive traffic.
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = RangedU64ValueParser::<u64>::new().range(1..=3600))]
    pub(super) seconds: u64,

    /// Requests per second, an upper bound.
    #[arg(long, value_name = "PER_SECOND", default_value_t = 150, value_parser = RangedU64ValueParser::<u32>::new().range(1..=10_000))]
    pub(super) rate: u32,

    /// Requests in flight at once, an upper bound.
    #[arg(long, value_name = "COUNT", default_value_t = 16, value_parser = RangedU64ValueParser::<u16>::new().range(1..=512))]
    pub(super) workers: u16,

    /// Build the service in release, as it is deployed.
    #[arg(long)]
    pub(super) release: bool,

    /// Send hostile headers with one request in ten: 120 KiB of what redaction, trace contexts and forwarded
    /// addresses begin with.
    #[arg(long)]
    pub(super) hostile: bool,

    /// Keep the service, Prometheus and the receivers running until Ctrl-C.
    #[arg(long)]
    pub(super) keep: bool,
}

/// What the service is built on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Framework {
    /// `examples/orders-service`
    Axum,
    /// `examples/orders-service-actix`
    Actix,
}

impl Args {
    /// Hostile traffic for so long.
    pub(crate) fn hostile(framework: Framework, release: bool, seconds: u64) -> Self {
        Self { framework, seconds, rate: 150, workers: 16, release, hostile: true, keep: false }
    }
}

impl Framework {
    /// The package of the service.
    pub(super) fn package(self) -> &'static str {
        match self {
            Self::Axum => "orders-service",
            Self::Actix => "orders-service-actix",
        }
    }
}
