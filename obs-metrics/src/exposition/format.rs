/// A text format of the exposition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// [Prometheus text 0.0.4](https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format),
    /// the default.
    #[default]
    Text,
    /// [OpenMetrics 1.0.0](https://prometheus.io/docs/specs/om/open_metrics_spec/).
    OpenMetrics,
}

impl Format {
    /// The format that a request's `Accept` header likes best. Text for none, for `*/*` and for
    /// whatever we do not have.
    ///
    /// ```
    /// use obs_metrics::Format;
    ///
    /// let accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
    /// assert_eq!(Format::negotiate(accept), Format::OpenMetrics);
    /// assert_eq!(Format::negotiate("*/*"), Format::Text);
    /// ```
    #[must_use]
    pub fn negotiate(accept: &str) -> Self {
        let (mut text, mut open_metrics) = (0.0, 0.0);
        for range in accept.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let media = parts.next().unwrap_or("").to_ascii_lowercase();
            let (mut quality, mut version) = (1.0_f32, "");
            for (name, value) in parts.filter_map(|part| part.split_once('=')) {
                match name.trim() {
                    "q" => quality = value.trim().parse().unwrap_or(0.0),
                    "version" => version = value.trim(),
                    _ => {}
                }
            }
            let best = match (media.as_str(), version) {
                ("application/openmetrics-text", "" | "1.0.0") => &mut open_metrics,
                ("text/plain", "" | "0.0.4") | ("*/*" | "text/*", _) => &mut text,
                _ => continue,
            };
            *best = quality.max(*best);
        }
        if open_metrics > text { Self::OpenMetrics } else { Self::Text }
    }

    /// The value of the `Content-Type` header.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prometheus_gets_what_it_asks_for() {
        for (accept, format) in [
            ("", Format::Text),
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                 text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                Format::OpenMetrics,
            ),
            (
                "application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5",
                Format::Text,
            ),
            ("application/openmetrics-text;q=0.4, text/plain;q=0.5", Format::Text),
            ("application/openmetrics-text; version=1.0.0; charset=utf-8", Format::OpenMetrics),
            ("application/openmetrics-text;q=0", Format::Text),
            ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", Format::Text),
            ("application/openmetrics-text;q=nonsense", Format::Text),
        ] {
            assert_eq!(Format::negotiate(accept), format, "{accept:?}");
        }
    }
}
