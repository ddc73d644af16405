/// What is exported: the label `signal` of the exporter's own numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Traces,
    Errors,
    Metrics,
    Pushes,
}

impl Signal {
    pub(crate) const COUNT: usize = 4;

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Errors => "errors",
            Self::Metrics => "metrics",
            Self::Pushes => "pushes",
        }
    }
}
