use super::text::number;

/// The bounds of the histograms at hand, checked and written once for all series that share them.
#[derive(Debug)]
pub(super) struct Bounds {
    style: BoundStyle,
    values: Vec<f64>,
    fit: bool,
    /// `0.005"} ` and so on, `+Inf"} ` last, one behind the other.
    texts: Vec<u8>,
    /// Where each text ends.
    ends: Vec<usize>,
}

/// How a bound is written: Prometheus before 3 takes `1` and `1.0` for two labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BoundStyle {
    /// `30.0`, as OpenMetrics wants it.
    Decimal,
    /// `30`.
    Shortest,
}

impl Bounds {
    pub(super) fn new(style: BoundStyle) -> Self {
        Self { style, values: Vec::new(), fit: false, texts: Vec::new(), ends: Vec::new() }
    }

    /// Whether a format can carry them: finite, not negative, strictly ascending. OpenMetrics has no sum
    /// beside a negative bound.
    #[inline]
    pub(super) fn fit(&mut self, bounds: &[f64]) -> bool {
        if self.ends.is_empty() || self.values != bounds {
            self.learn(bounds);
        }
        self.fit
    }

    fn learn(&mut self, bounds: &[f64]) {
        let Self { style, values, fit, texts, ends } = self;
        *fit = bounds.is_sorted_by(|a, b| a < b)
            && bounds.iter().all(|bound| *bound >= 0.0 && bound.is_finite());
        values.clear();
        values.extend_from_slice(bounds);
        texts.clear();
        ends.clear();
        for bound in bounds.iter().chain([&f64::INFINITY]) {
            match style {
                BoundStyle::Decimal => number::bound(*bound, texts),
                BoundStyle::Shortest => number::float(*bound, texts),
            }
            texts.extend_from_slice(b"\"} ");
            ends.push(texts.len());
        }
    }

    /// What stands behind `le="` and before the count, for every bucket.
    #[inline]
    pub(super) fn texts(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let text = self.texts.get(start..*end).unwrap_or_default();
            start = *end;
            text
        })
    }
}
