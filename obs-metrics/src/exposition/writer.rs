use obs_core::source::{Family, LabelSet, Sample};

use super::bounds::Bounds;
#[cfg(feature = "native-histograms")]
use super::protobuf::Protobuf;
use super::representation::Content;
use super::text::Text;

/// The formats. Each gets only what it can carry.
#[derive(Debug)]
pub(super) enum Writer {
    Text(Text),
    #[cfg(feature = "native-histograms")]
    Protobuf(Protobuf),
}

impl Writer {
    pub(super) fn new(content: Content) -> Self {
        match content {
            Content::Text(format) => Self::Text(Text::new(format)),
            #[cfg(feature = "native-histograms")]
            Content::Protobuf => Self::Protobuf(Protobuf::default()),
        }
    }

    pub(super) fn begin(&mut self, family: &Family<'_>, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => text.head(family, out),
            #[cfg(feature = "native-histograms")]
            Self::Protobuf(protobuf) => protobuf.begin(family),
        }
    }

    #[inline]
    pub(super) fn series(
        &mut self,
        labels: &LabelSet,
        sample: &Sample<'_>,
        bounds: &Bounds,
        out: &mut Vec<u8>,
    ) {
        match self {
            Self::Text(text) => text.series(labels, sample, bounds, out),
            #[cfg(feature = "native-histograms")]
            Self::Protobuf(protobuf) => protobuf.series(labels, sample),
        }
    }

    /// The family has no more series.
    #[cfg_attr(
        not(feature = "native-histograms"),
        allow(unused_variables, clippy::ptr_arg, reason = "text is written by then")
    )]
    pub(super) fn end(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Text(_) => {}
            #[cfg(feature = "native-histograms")]
            Self::Protobuf(protobuf) => protobuf.end(out),
        }
    }

    /// The family is not wanted any more.
    pub(super) fn abandon(&mut self) {
        match self {
            Self::Text(_) => {}
            #[cfg(feature = "native-histograms")]
            Self::Protobuf(protobuf) => protobuf.abandon(),
        }
    }

    /// There are no more families.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => text.finish(out),
            #[cfg(feature = "native-histograms")]
            Self::Protobuf(_) => {}
        }
    }
}
