//! How the families that obs-* brings along are called: data, so that every preset and every service
//! can have its own names.

mod canonical;
mod check;
mod family;
mod preset;
mod presets;
mod read;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub(crate) use self::canonical::{Canonical, CanonicalLabel};
pub use self::family::FamilyNaming;
pub(crate) use self::family::Named;
use self::family::prefixed;
pub use self::preset::{Preset, UnknownPreset};
use self::words::{is_currency, is_namespace};
use crate::exposition::BoundStyle;

/// The names, labels, help texts and buckets of the built-in families, where they differ from the
/// canonical ones.
///
/// ```
/// use obs_metrics::{FamilyNaming, Naming, Preset};
///
/// let naming = Naming::preset(Preset::Ahsp)
///     .family("exports_total", FamilyNaming::new().help("Files that users took home."));
/// let shop = Naming::default().namespace("shop"); // shop_http_requests_total and so on
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Naming {
    base: Preset,
    namespace: String,
    currency: String,
    /// That of the names that the preset tells; empty: it tells none of money.
    fixed_currency: &'static str,
    strict: bool,
    /// What a method that is not known becomes.
    pub(crate) other_method: String,
    short_bounds: bool,
    /// In every family that has them.
    labels: BTreeMap<String, String>,
    families: BTreeMap<String, FamilyNaming>,
}

impl Default for Naming {
    /// Our own names.
    fn default() -> Self {
        Self {
            base: Preset::Canonical,
            namespace: String::new(),
            currency: String::new(),
            fixed_currency: "",
            strict: false,
            other_method: "OTHER".to_owned(),
            short_bounds: false,
            labels: BTreeMap::new(),
            families: BTreeMap::new(),
        }
    }
}

impl Naming {
    /// What one of the presets says.
    #[must_use]
    pub fn preset(preset: Preset) -> Self {
        Self { base: preset, ..presets::naming(preset) }
    }

    /// The preset that it began as.
    #[must_use]
    pub fn base(&self) -> Preset {
        self.base
    }

    /// Puts `namespace` and an underscore before every name that is not set by
    /// [`family`](Self::family) or the preset and does not begin with `obs_`. Default: none. In
    /// [`Preset::AxumPrometheus`] and [`Preset::ActixWebProm`] it is that crate's prefix or namespace too. Letters, digits and `_`,
    /// beginning with a letter and not ending in `_`.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// The unit of money, such as `eur`: `order_value` becomes `order_value_eur`. Names that are set
    /// have theirs already: beside a preset that tells them, such as [`Preset::SmartDairy`], any other
    /// currency is an error of [`check`](crate::MetricsSettings::check). Letters and digits, and none
    /// of `total`, `count`, `sum`, `bucket`, `created`, `info`. Default: none, or that of the preset.
    #[must_use]
    pub fn currency(mut self, currency: impl Into<String>) -> Self {
        self.currency = currency.into();
        self
    }

    /// The unit of money in the names that a preset tells.
    fn fixed_currency(mut self, currency: &'static str) -> Self {
        self.fixed_currency = currency;
        self.currency(currency)
    }

    /// The currency of the preset, if another one is set.
    fn other_currency(&self) -> Option<&'static str> {
        let fixed = self.fixed_currency;
        (!fixed.is_empty() && !self.currency.eq_ignore_ascii_case(fixed)).then_some(fixed)
    }

    /// Leaves the buckets of the preset as its source has them, without the bounds that were added so
    /// that every threshold is one. Default: off.
    #[must_use]
    pub fn strict_buckets(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// What a method outside of the known ones becomes. Default: `OTHER`.
    #[must_use]
    pub fn other_method(mut self, text: impl Into<String>) -> Self {
        self.other_method = text.into();
        self
    }

    /// Writes `le="1"` instead of `le="1.0"`, in the text formats. Prometheus before 3 keeps what it
    /// gets, and a query that asks for the one does not find the other; since 3 both are `1.0`.
    /// Default: off, as OpenMetrics wants it; on in [`Preset::AxumPrometheus`] and
    /// [`Preset::ActixWebProm`].
    #[must_use]
    pub fn short_bounds(mut self, short: bool) -> Self {
        self.short_bounds = short;
        self
    }

    /// Renames a label in every family that has it, such as `route` to `endpoint`. A label that no family
    /// has is an error of [`check`](crate::MetricsSettings::check).
    #[must_use]
    pub fn label(mut self, canonical: impl Into<String>, name: impl Into<String>) -> Self {
        self.labels.insert(canonical.into(), name.into());
        self
    }

    /// How one family is called; `canonical` is its name without a preset. It replaces what was known
    /// of the family. An unknown family or label is an error of
    /// [`check`](crate::MetricsSettings::check), and changes nothing.
    #[must_use]
    pub fn family(mut self, canonical: impl Into<String>, naming: FamilyNaming) -> Self {
        self.families.insert(canonical.into(), naming);
        self
    }

    /// Shows a family from the start that the preset has and does not show; its names stay.
    #[must_use]
    pub fn on(mut self, canonical: impl Into<String>) -> Self {
        self.families.entry(canonical.into()).or_default().off = Some(false);
        self
    }

    /// Leaves it to others what buckets a family has.
    pub(crate) fn forget_buckets(&mut self, family: &str) {
        if let Some(family) = self.families.get_mut(family) {
            (family.buckets, family.strict_buckets) = (None, None);
        }
    }

    pub(crate) fn bound_style(&self) -> BoundStyle {
        if self.short_bounds { BoundStyle::Shortest } else { BoundStyle::Decimal }
    }

    /// What is known of a label's values, unless they are set.
    pub(crate) fn known_by_default(&mut self, family: &str, label: &str, values: Vec<String>) {
        let family = self.families.entry(family.to_owned()).or_default();
        family.known.entry(label.to_owned()).or_insert(values);
    }

    /// The family as it is shown; `None` if it is not.
    pub(crate) fn resolve(&self, canonical: &Canonical) -> Option<Named> {
        let own = self.families.get(canonical.name).cloned().unwrap_or_default();
        if own.off.unwrap_or(canonical.opt_in) {
            return None;
        }
        let labels = canonical.labels.iter().map(|label| {
            let shown = own.shown.get(label.name).copied().unwrap_or(!label.opt_in);
            shown.then(|| self.label_name(canonical, label.name))
        });
        let known = canonical.labels.iter().map(|label| {
            let canonical = || label.known.iter().map(|value| (*value).to_owned()).collect();
            own.known.get(label.name).cloned().unwrap_or_else(canonical)
        });
        Some(Named {
            name: match own.name {
                Some(name) => name.resolve(&self.namespace),
                None => self.canonical_name(canonical),
            },
            help: own.help.unwrap_or_else(|| canonical.help.to_owned()),
            unit: self.unit(canonical),
            labels: labels.collect(),
            known: known.collect(),
            buckets: own
                .strict_buckets
                .filter(|_| self.strict)
                .or(own.buckets)
                .or_else(|| canonical.buckets.map(<[f64]>::to_vec)),
            at_start: own.off == Some(false),
        })
    }

    /// How a family calls a label.
    pub(crate) fn label_name(&self, family: &Canonical, label: &str) -> String {
        let own = self.families.get(family.name).and_then(|own| own.labels.get(label));
        own.or_else(|| self.labels.get(label)).cloned().unwrap_or_else(|| label.to_owned())
    }

    /// What its values are in: money, or what the canonical name ends in.
    fn unit(&self, canonical: &Canonical) -> Option<Cow<'static, str>> {
        if canonical.money {
            return (!self.currency.is_empty()).then(|| self.currency.clone().into());
        }
        canonical.unit().map(Cow::Borrowed)
    }

    fn canonical_name(&self, canonical: &Canonical) -> String {
        let mut name = canonical.name.to_owned();
        if canonical.money && !self.currency.is_empty() {
            name = format!("{name}_{}", self.currency);
        }
        // Our own metrics have the same names in every service.
        if name.starts_with("obs_") { name } else { prefixed(&self.namespace, name) }
    }
}
