use obs_core::source::{Family, LabelSet, Sample};

use super::bounds::Bounds;
use super::representation::Content;
use super::text::Text;

/// The formats. Each gets only what it can carry.
#[derive(Debug)]
pub(super) enum Writer {
    Text(Text),
}

impl Writer {
    pub(super) fn new(content: Content) -> Self {
        match content {
            Content::Text(format) => Self::Text(Text::new(format)),
        }
    }

    pub(super) fn begin(&mut self, family: &Family<'_>, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => text.head(family, out),
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
        }
    }

    /// The family has no more series.
    pub(super) fn end(&mut self, _out: &mut Vec<u8>) {}

    /// The family is not wanted any more.
    pub(super) fn abandon(&mut self) {}

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => text.finish(out),
        }
    }
}
