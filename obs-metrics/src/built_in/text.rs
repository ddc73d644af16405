use crate::{Label, LabelValue, LabelValues, Scratch};

/// A text of any origin as a label.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl Label for Text<'_> {
    const VALUES: LabelValues = LabelValues::Open { limit: None };

    #[inline]
    fn value<'a>(&'a self, _: &'a mut Scratch) -> LabelValue<'a> {
        LabelValue::Text(self.0)
    }
}
