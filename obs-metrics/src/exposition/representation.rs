use super::Format;
use super::accept::{Range, ranges};

/// What a scrape is answered with: a format and how it is compressed.
///
/// ```
/// use obs_metrics::{Format, Representation};
///
/// let accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
/// let chosen = Representation::negotiate(accept, "gzip");
/// assert_eq!(chosen, Representation::from(Format::OpenMetrics).gzip());
/// assert_eq!(Representation::negotiate("*/*", ""), Representation::from(Format::Text));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Representation {
    pub(crate) content: Content,
    pub(crate) encoding: Encoding,
}

/// The formats, in the order of preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Content {
    Text(Format),
    #[cfg(feature = "native-histograms")]
    Protobuf,
}

/// The content codings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Encoding {
    #[default]
    Identity,
    Gzip,
}

impl Representation {
    /// Length-delimited `io.prometheus.client.MetricFamily` messages: the only format with native
    /// histograms. It has no gzip of its own: see [`gzip`](Self::gzip).
    #[cfg(feature = "native-histograms")]
    pub const PROTOBUF: Self = Self { content: Content::Protobuf, encoding: Encoding::Identity };

    /// What a request's `Accept` and `Accept-Encoding` headers like best, by quality, then by how
    /// exactly a format is named. Text for none, for `*/*`, and if nothing we have is acceptable:
    /// a scrape never fails. gzip only where it is asked for.
    #[must_use]
    pub fn negotiate(accept: &str, accept_encoding: &str) -> Self {
        Self { content: Content::negotiate(accept), encoding: Encoding::negotiate(accept_encoding) }
    }

    /// The same, compressed.
    #[must_use]
    pub const fn gzip(self) -> Self {
        Self { encoding: Encoding::Gzip, ..self }
    }

    /// The value of the `Content-Type` header.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self.content {
            Content::Text(Format::Text) => "text/plain; version=0.0.4; charset=utf-8",
            Content::Text(Format::OpenMetrics) => {
                "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
            #[cfg(feature = "native-histograms")]
            Content::Protobuf => {
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
            }
        }
    }

    /// The value of the `Content-Encoding` header; `None`: leave it out.
    #[must_use]
    pub const fn content_encoding(self) -> Option<&'static str> {
        match self.encoding {
            Encoding::Identity => None,
            Encoding::Gzip => Some("gzip"),
        }
    }
}

impl From<Format> for Representation {
    fn from(format: Format) -> Self {
        Self { content: Content::Text(format), encoding: Encoding::Identity }
    }
}

impl Content {
    pub(crate) const ALL: &[Self] = &[
        Self::Text(Format::Text),
        Self::Text(Format::OpenMetrics),
        #[cfg(feature = "native-histograms")]
        Self::Protobuf,
    ];

    /// The value of the label `format`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Text(Format::Text) => "text",
            Self::Text(Format::OpenMetrics) => "openmetrics",
            #[cfg(feature = "native-histograms")]
            Self::Protobuf => "protobuf",
        }
    }

    fn negotiate(accept: &str) -> Self {
        let mut best = (0, 0);
        let mut chosen = Self::default();
        for content in Self::ALL {
            // The range that names a format most exactly is the one that counts for it.
            let matching = ranges(accept).filter_map(|range| {
                let exactness = content.exactness(&range)?;
                Some((exactness, range.quality))
            });
            let Some((exactness, quality)) = matching.max() else {
                continue;
            };
            // Two ways to name the very same format are no preference for either.
            if quality > 0 && (quality, exactness.min(NAMED)) > best {
                best = (quality, exactness.min(NAMED));
                chosen = *content;
            }
        }
        chosen
    }

    /// How exactly the range names this format; `None`: it means another.
    fn exactness(self, range: &Range<'_>) -> Option<usize> {
        let (kind, subtype, parameters): (_, _, &[(&str, &str)]) = match self {
            Self::Text(Format::Text) => {
                ("text", "plain", &[("version", "0.0.4"), ("charset", "utf-8")])
            }
            Self::Text(Format::OpenMetrics) => {
                ("application", "openmetrics-text", &[("version", "1.0.0"), ("charset", "utf-8")])
            }
            #[cfg(feature = "native-histograms")]
            Self::Protobuf => (
                "application",
                "vnd.google.protobuf",
                &[("proto", "io.prometheus.client.MetricFamily"), ("encoding", "delimited")],
            ),
        };
        let (range_kind, range_subtype) = range.name.split_once('/')?;
        match (range_kind, range_subtype) {
            ("*", "*") => return Some(0),
            (of, "*") => return of.eq_ignore_ascii_case(kind).then_some(1),
            (of, sub) if of.eq_ignore_ascii_case(kind) && sub.eq_ignore_ascii_case(subtype) => {}
            _ => return None,
        }
        // Names that need no escaping are the same whatever `escaping` is asked for.
        let mut exactness = NAMED;
        for (name, ours) in parameters {
            match range.parameter(name) {
                Some(value) if value.eq_ignore_ascii_case(ours) => exactness += 1,
                Some(_) => return None,
                None => {}
            }
        }
        Some(exactness)
    }
}

/// A range with type and subtype.
const NAMED: usize = 2;

impl Default for Content {
    fn default() -> Self {
        Self::Text(Format::Text)
    }
}

impl Encoding {
    /// gzip if it is named and liked as much as none, or if none is excluded.
    fn negotiate(accept_encoding: &str) -> Self {
        let quality = |names: &[&str]| {
            let named =
                |range: &Range<'_>| names.iter().any(|n| range.name.eq_ignore_ascii_case(n));
            ranges(accept_encoding).filter(named).map(|range| range.quality).max()
        };
        let gzip = quality(&["gzip", "x-gzip"]);
        let (identity, rest) = (quality(&["identity"]), quality(&["*"]));
        let takes_gzip = match gzip {
            Some(gzip) => gzip > 0 && gzip >= identity.unwrap_or(0),
            None => rest > Some(0) && rest > Some(identity.unwrap_or(1000)),
        };
        if takes_gzip { Self::Gzip } else { Self::Identity }
    }
}

#[cfg(test)]
mod tests;
