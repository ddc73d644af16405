use obs_core::source::LabelSet;

use super::Series;

/// What stands in the labels of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Texts {
    /// The names of the labels: of method, route and status.
    pub(crate) labels: [String; 3],
    /// Of a method that is not known.
    pub(crate) other_method: String,
}

impl Texts {
    pub(crate) fn method(&self, series: Series) -> &str {
        series.method().unwrap_or(&self.other_method)
    }

    pub(super) fn row(&self, route: &str, series: Series) -> LabelSet {
        let status = series.status().to_string();
        let [method_name, route_name, status_name] = &self.labels;
        let labels: [(&str, &str); 3] =
            [(method_name, self.method(series)), (route_name, route), (status_name, &status)];
        LabelSet::new(&labels).unwrap_or_default()
    }
}
