use std::fmt::Debug;
use std::ops::RangeInclusive;

use obs_core::{Clock, ServiceIdentity};

use super::{MetricsSettings, SettingsError, SettingsErrors, bounds};
use crate::Families;
use crate::build_info::BuildInfo;
use crate::built_in::BuiltIn;
use crate::scrape::LAST;

impl MetricsSettings {
    /// Validates settings that are made in code. Settings from the environment are validated when they
    /// are read. obs-stack's `install` calls this.
    ///
    /// If you do not call it, nothing fails: [`Metrics::new`](crate::Metrics::new) logs a warning for
    /// each mistake and uses the default instead. If two families have the same name, the first one is
    /// shown, and the series of the other one are counted in `obs_series_dropped_total`.
    ///
    /// # Errors
    /// Every mistake, each in a line that names the setting:
    ///
    /// - a number, duration, bucket or status outside of the bounds that the field documents;
    /// - an empty name of a route;
    /// - a namespace, a currency or a name that no family or label can have, a counter's that does not
    ///   end in `_total` among them;
    /// - naming for an unknown family, label or value;
    /// - buckets for a family that is not a histogram, or that do not ascend;
    /// - a currency beside a preset whose names have another one;
    /// - two families of one name.
    ///
    /// Naming for a family that is not shown is not validated.
    ///
    /// ```
    /// use obs_metrics::{FamilyNaming, MetricsSettings, Naming};
    ///
    /// let mut settings = MetricsSettings::default();
    /// settings.max_routes = 0;
    /// settings.naming = Naming::default()
    ///     .family("orders_total", FamilyNaming::new().name("orders"))
    ///     .on("sessions_begun_total");
    /// let error = settings.check().unwrap_err();
    /// assert_eq!(error.0.len(), 3);
    /// assert_eq!(
    ///     error.to_string(),
    ///     "max_routes = 0: expected 1 to 100000\n\
    ///      naming.family(\"orders_total\"): name(\"orders\"): the name of a counter ends in `_total`, \
    ///      that of a histogram does not\n\
    ///      naming.on(\"sessions_begun_total\"): unknown family, did you mean \"sessions_started_total\"?"
    /// );
    /// ```
    pub fn check(&self) -> Result<(), SettingsErrors> {
        let (_, errors) = self.sound();
        if errors.is_empty() { Ok(()) } else { Err(SettingsErrors(errors)) }
    }

    /// The same with a default for each mistake, and the mistakes.
    pub(crate) fn sound(&self) -> (Self, Vec<SettingsError>) {
        let mut sound = self.clone();
        let mut errors = sound.take_values();
        errors.extend(sound.naming.take_faults());
        let families = Families::new(&sound, Clock::system());
        families.reserve(&LAST, &[&BuildInfo(ServiceIdentity::default())]);
        errors.extend(BuiltIn::new(&sound, &families).faults());
        (sound, errors)
    }

    fn take_values(&mut self) -> Vec<SettingsError> {
        let default = Self::default();
        let mut errors = Vec::new();
        if let Some(bad) = &self.buckets
            && let Some(fault) = bounds::latencies_fault(&bounds::seconds(bad))
        {
            errors.push(SettingsError::new("buckets", fault));
            self.buckets = None;
        }
        let slow = bounds::slow();
        let numbers = [
            take("max_routes", &mut self.max_routes, &bounds::MAX_ROUTES, default.max_routes),
            take(
                "max_label_values",
                &mut self.max_label_values,
                &bounds::MAX_LABEL_VALUES,
                default.max_label_values,
            ),
            take(
                "max_series_per_family",
                &mut self.max_series_per_family,
                &bounds::MAX_SERIES_PER_FAMILY,
                default.max_series_per_family,
            ),
            take("max_series", &mut self.max_series, &bounds::MAX_SERIES, default.max_series),
            take("slow_request", &mut self.slow_request, &slow, default.slow_request),
            take("slow_query", &mut self.slow_query, &slow, default.slow_query),
        ];
        errors.extend(numbers.into_iter().flatten());
        if let Some(fault) = bounds::statuses_fault(&self.zero_statuses) {
            errors.push(SettingsError::new("zero_statuses", fault));
            self.zero_statuses = default.zero_statuses;
        }
        self.route_names.retain(|route, name| {
            if name.is_empty() {
                let setting = format!("route_names[{route:?}]");
                errors.push(SettingsError::new(setting, "an empty name: leave it out"));
            }
            !name.is_empty()
        });
        errors
    }
}

fn take<T: Copy + Debug + PartialOrd>(
    name: &str,
    value: &mut T,
    allowed: &RangeInclusive<T>,
    default: T,
) -> Option<SettingsError> {
    if allowed.contains(value) {
        return None;
    }
    let bad = std::mem::replace(value, default);
    let fault = format!("expected {:?} to {:?}", allowed.start(), allowed.end());
    Some(SettingsError::new(format!("{name} = {bad:?}"), fault))
}
