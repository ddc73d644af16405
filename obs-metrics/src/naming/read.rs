use obs_core::config::Reader;

use super::{Naming, Preset, is_currency, is_namespace, words};

impl Naming {
    /// Reads `OBS_METRICS_PRESET`, `OBS_METRICS_NAMESPACE`, `OBS_METRICS_STRICT_BUCKETS` and
    /// `OBS_CURRENCY`.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let known = Preset::ALL.map(|(_, name)| name).join(", ");
        let preset = reader.parse("OBS_METRICS_PRESET", &known, |text| text.parse().ok());
        let preset = preset.unwrap_or_default();
        let mut naming = Self::preset(preset);
        let namespace = |text: &str| is_namespace(text).then(|| text.to_owned());
        if let Some(name) = reader.parse("OBS_METRICS_NAMESPACE", words::NAMESPACE, namespace) {
            naming = naming.namespace(name);
        }
        let currency = |text: &str| is_currency(text).then(|| text.to_ascii_lowercase());
        if let Some(currency) = reader.parse("OBS_CURRENCY", words::CURRENCY, currency) {
            naming = naming.currency(currency);
        }
        if let Some(fixed) = naming.other_currency() {
            let allowed = format!("{fixed}, which the names of the preset {preset} have");
            reader.fault("OBS_CURRENCY", &naming.currency, &allowed);
        }
        let strict = reader.flag("OBS_METRICS_STRICT_BUCKETS");
        naming.strict_buckets(strict.unwrap_or_default())
    }
}
