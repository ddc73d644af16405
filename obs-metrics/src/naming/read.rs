use obs_core::config::Reader;
use obs_core::source::is_metric_name;

use super::{Naming, Preset};

impl Naming {
    /// Reads `OBS_METRICS_PRESET`, `OBS_METRICS_NAMESPACE`, `OBS_METRICS_STRICT_BUCKETS` and
    /// `OBS_CURRENCY`.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let known = Preset::ALL.map(|(_, name)| name).join(", ");
        let preset = reader.parse("OBS_METRICS_PRESET", &known, |text| text.parse().ok());
        let mut naming = Self::preset(preset.unwrap_or_default());
        let name = |text: &str| is_metric_name(text).then(|| text.to_owned());
        let allowed = "letters, digits and _, beginning with a letter";
        if let Some(namespace) = reader.parse("OBS_METRICS_NAMESPACE", allowed, name) {
            naming = naming.namespace(namespace);
        }
        if let Some(currency) = reader.parse("OBS_CURRENCY", allowed, name) {
            naming = naming.currency(currency.to_ascii_lowercase());
        }
        let strict = reader.flag("OBS_METRICS_STRICT_BUCKETS");
        naming.strict_buckets(strict.unwrap_or_default())
    }
}
