use std::collections::{BTreeMap, BTreeSet};
use std::env::{self, VarError};
use std::ops::RangeInclusive;
use std::time::Duration;

use super::{ConfigError, Fault, Problem, SignalOff, Variable, Warnings};

type Lookup<'a> = dyn Fn(&str) -> Result<String, VarError> + 'a;

/// Reads variables and collects what is wrong with them.
///
/// A variable that is not set, or empty, is `None`: the default stays. So is one that cannot be
/// used. For our own variables and yours this is a fault, which [`finish`](Self::finish) returns.
/// For the variables of others (`OTEL_*`, `SENTRY_*`, `RUST_LOG` and what else [`VARIABLES`] has)
/// it is a warning; with `OBS_STRICT=true` it is a fault too.
///
/// ```
/// use obs_core::config::Reader;
///
/// let mut reader = Reader::from_map([("RETRIES", "many"), ("OTEL_SDK_DISABLED", "1")]);
/// let retries = reader.parse("RETRIES", "a whole number", |text| text.parse::<u32>().ok());
/// assert_eq!(retries, None);
/// assert_eq!(reader.flag("OTEL_SDK_DISABLED"), Some(false));
/// assert_eq!(
///     reader.finish().unwrap_err().to_string(),
///     "1 environment variable cannot be used:\n  RETRIES=\"many\": expected a whole number",
/// );
/// ```
///
/// [`VARIABLES`]: super::VARIABLES
pub struct Reader<'a> {
    lookup: Box<Lookup<'a>>,
    /// The names that are set and begin with `OBS_`.
    own: Vec<String>,
    asked: BTreeSet<String>,
    faults: Vec<Fault>,
    warnings: Warnings,
}

impl Reader<'static> {
    /// Reads the environment of the process.
    #[must_use]
    pub fn process() -> Self {
        let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        Self::new(Box::new(|name| env::var(name)), names)
    }

    /// Reads from these variables instead of the environment of the process.
    pub fn from_map<K, V>(variables: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<String>,
    {
        let pairs = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        let variables: BTreeMap<String, String> = pairs.collect();
        let names: Vec<_> = variables.keys().cloned().collect();
        let lookup = move |name: &str| variables.get(name).cloned().ok_or(VarError::NotPresent);
        Self::new(Box::new(lookup), names)
    }
}

impl<'a> Reader<'a> {
    /// Reads from anything else. Names that are not known cannot be reported: what is set is only
    /// seen when it is looked up. [`from_map`](Reader::from_map) reports them.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String> + 'a) -> Self {
        Self::new(Box::new(move |name| lookup(name).ok_or(VarError::NotPresent)), [])
    }

    fn new(lookup: Box<Lookup<'a>>, names: impl IntoIterator<Item = String>) -> Self {
        Self {
            lookup,
            own: names.into_iter().filter(|name| name.starts_with("OBS_")).collect(),
            asked: BTreeSet::new(),
            faults: Vec::new(),
            warnings: Warnings::default(),
        }
    }

    /// The text of a variable, trimmed.
    pub fn text(&mut self, variable: &str) -> Option<String> {
        if !self.asked.contains(variable) {
            self.asked.insert(variable.to_owned());
        }
        self.look_up(variable)
    }

    /// The same without a trace in [`asked`](Self::asked).
    pub(super) fn look_up(&mut self, variable: &str) -> Option<String> {
        match (self.lookup)(variable) {
            Ok(value) => {
                let value = value.trim();
                (!value.is_empty()).then(|| value.to_owned())
            }
            Err(VarError::NotPresent) => None,
            Err(VarError::NotUnicode(value)) => {
                self.fault(variable, &value.to_string_lossy(), "UTF-8 text");
                None
            }
        }
    }

    /// A variable that `parse` understands; `expected` says what that is.
    pub fn parse<T>(
        &mut self,
        variable: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.text(variable)?;
        let parsed = parse(&value);
        if parsed.is_none() {
            self.fault(variable, &value, expected);
        }
        parsed
    }

    /// A whole number of milliseconds within `range`.
    pub fn millis(&mut self, variable: &str, range: RangeInclusive<u64>) -> Option<Duration> {
        let expected =
            format!("a whole number of milliseconds, {} to {}", range.start(), range.end());
        self.parse(variable, &expected, |text| {
            text.parse().ok().filter(|number| range.contains(number)).map(Duration::from_millis)
        })
    }

    /// One of several words, in upper or lower case.
    pub fn choice<T: Copy>(&mut self, variable: &str, words: &[(&str, T)]) -> Option<T> {
        let expected = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        self.parse(variable, &format!("one of {expected}"), |text| {
            let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
            found.map(|(_, value)| *value)
        })
    }

    /// `true` or `false`. Anything else in a variable of others is `false`, with a warning, as the
    /// [OpenTelemetry specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#boolean)
    /// has it.
    pub fn flag(&mut self, variable: &str) -> Option<bool> {
        let value = self.text(variable)?;
        if value.eq_ignore_ascii_case("true") {
            return Some(true);
        }
        if !value.eq_ignore_ascii_case("false") {
            let fault = Fault::invalid(variable, &value, None, "one of true, false");
            self.note(fault, "it is read as false");
            return is_lenient(variable).then_some(false);
        }
        Some(false)
    }

    /// Notes a value that cannot be used, for a problem that only shows when values are put
    /// together.
    pub fn fault(&mut self, variable: &str, value: &str, expected: &str) {
        self.note(Fault::invalid(variable, value, None, expected), &instead(variable));
    }

    /// The same for a `part` of a list whose other parts are in force.
    pub fn part_fault(&mut self, variable: &str, value: &str, part: &str, expected: &str) {
        let part = Some(part).filter(|part| *part != value);
        self.note(Fault::invalid(variable, value, part, expected), "it is ignored");
    }

    /// Notes that what a variable of others asks for is not supported. Nothing is wrong with it, so
    /// this is a warning also with `OBS_STRICT=true`.
    pub fn ignored(&mut self, variable: &str, why: &'static str) {
        self.note(Fault::ignored(variable, why), "");
    }

    /// Notes that `signal` is off because `variable` cannot be used.
    pub fn off(&mut self, signal: &'static str, variable: &str) {
        let of_variable = self.warnings.faults.iter_mut().find(|fault| fault.variable == variable);
        if let Some(fault) = of_variable {
            fault.add_effect(&format!("{signal} off"));
        }
        self.warnings.off.push(SignalOff { signal, variable: variable.to_owned() });
    }

    /// Which variables were looked up until now.
    pub fn asked(&self) -> impl Iterator<Item = &str> {
        self.asked.iter().map(String::as_str)
    }

    /// The names that are set and begin with `OBS_`.
    pub(super) fn own(&self) -> &[String] {
        &self.own
    }

    /// Whether this variable was looked up.
    pub(super) fn has_asked(&self, variable: &str) -> bool {
        self.asked.contains(variable)
    }

    /// Whether there is a warning about this variable.
    pub(super) fn has_warned(&self, variable: &str) -> bool {
        self.warnings.faults.iter().any(|fault| fault.variable == variable)
    }

    /// Keeps a fault, or a warning with its `effect`, once.
    pub(super) fn note(&mut self, mut fault: Fault, effect: &str) {
        let of_others = !matches!(fault.problem, Problem::Invalid { .. });
        let kept = if of_others || is_lenient(&fault.variable) {
            fault.add_effect(effect);
            &mut self.warnings.faults
        } else {
            &mut self.faults
        };
        let same = |kept: &Fault| kept.variable == fault.variable && kept.problem == fault.problem;
        if !kept.iter().any(same) {
            kept.push(fault);
        }
    }

    /// Ends the reading, and reports warnings in the application's log.
    ///
    /// # Errors
    /// [`ConfigError`] with every fault that was found.
    pub fn finish(self) -> Result<(), ConfigError> {
        self.outcome().map(|warnings| warnings.report())
    }

    /// Ends the reading, with the warnings for [`report`](Warnings::report).
    ///
    /// # Errors
    /// [`ConfigError`] with every fault that was found; with `OBS_STRICT=true` also with every
    /// value and name that would otherwise be a warning. A variable that is
    /// [ignored](Problem::Ignored) is never a fault: there is nothing wrong with it.
    pub fn outcome(mut self) -> Result<Warnings, ConfigError> {
        let strict = self.flag("OBS_STRICT").unwrap_or_default();
        let Self { mut faults, mut warnings, .. } = self;
        if strict {
            let ignored = |fault: &Fault| matches!(fault.problem, Problem::Ignored { .. });
            let (kept, fatal): (Vec<_>, Vec<_>) = warnings.faults.into_iter().partition(ignored);
            warnings.faults = kept;
            faults.extend(fatal.into_iter().map(|fault| Fault { effect: String::new(), ..fault }));
        }
        if faults.is_empty() { Ok(warnings) } else { Err(ConfigError { faults }) }
    }
}

/// Whether the variable is defined by another standard.
fn is_lenient(variable: &str) -> bool {
    ["OTEL_", "SENTRY_"].iter().any(|prefix| variable.starts_with(prefix))
        || !variable.starts_with("OBS_") && Variable::find(variable).is_some()
}

/// What is used instead of a value that cannot be.
fn instead(variable: &str) -> String {
    let default = Variable::find(variable).map_or("", |known| known.default);
    let mut quoted = default.split('`');
    match (quoted.next(), quoted.next(), default.parse::<f64>()) {
        (Some(""), Some(word), _) => format!("the default, {word}, is used"),
        (_, _, Ok(number)) => format!("the default, {number}, is used"),
        _ => "it is ignored".to_owned(),
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("faults", &self.faults)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_at_once_and_no_secret_among_them() {
        let mut reader = Reader::from_map([
            ("A_MS", "0"),
            ("B", "maybe"),
            ("X_TOKEN", "hunter2"),
            ("OK", "true"),
        ]);
        assert_eq!(reader.millis("A_MS", 1..=60_000), None);
        assert_eq!(reader.flag("B"), None);
        assert_eq!(reader.parse("X_TOKEN", "16 hex digits", |_| None::<()>), None);
        assert_eq!(reader.flag("OK"), Some(true));
        let text = reader.finish().unwrap_err().to_string();
        assert_eq!(
            text,
            "3 environment variables cannot be used:\n  \
             A_MS=\"0\": expected a whole number of milliseconds, 1 to 60000\n  \
             B=\"maybe\": expected one of true, false\n  \
             X_TOKEN (value not shown): expected 16 hex digits"
        );
    }

    #[test]
    fn empty_is_unset() {
        let mut reader = Reader::from_map([("A", " ")]);
        assert_eq!(reader.text("A"), None);
        assert!(reader.finish().is_ok());
    }

    fn foreign(strict: &str) -> Result<Vec<String>, ConfigError> {
        let mut reader = Reader::from_map([
            ("OTEL_SDK_DISABLED", "1"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "0"),
            ("SENTRY_DSN", "hunter2"),
            ("OBS_STRICT", strict),
        ]);
        assert_eq!(reader.flag("OTEL_SDK_DISABLED"), Some(false));
        for _ in 0..2 {
            assert_eq!(reader.millis("OTEL_METRIC_EXPORT_INTERVAL", 100..=1000), None);
        }
        assert_eq!(reader.parse("SENTRY_DSN", "a DSN", |_| None::<()>), None);
        reader.off("errors", "SENTRY_DSN");
        reader.outcome().map(|warnings| {
            assert_eq!(warnings.off[0].signal, "errors");
            warnings.faults.iter().map(ToString::to_string).collect()
        })
    }

    #[test]
    fn variables_of_others_warn_once_and_say_what_happens_instead() {
        assert_eq!(
            foreign("false").unwrap(),
            [
                "OTEL_SDK_DISABLED=\"1\": expected one of true, false (it is read as false)",
                "OTEL_METRIC_EXPORT_INTERVAL=\"0\": expected a whole number of milliseconds, \
                 100 to 1000 (the default, 60000, is used)",
                "SENTRY_DSN (value not shown): expected a DSN (it is ignored, errors off)",
            ]
        );
    }

    #[test]
    fn strictly_all_of_them_are_faults() {
        assert_eq!(
            foreign("TRUE").unwrap_err().to_string(),
            "3 environment variables cannot be used:\n  \
             OTEL_SDK_DISABLED=\"1\": expected one of true, false\n  \
             OTEL_METRIC_EXPORT_INTERVAL=\"0\": expected a whole number of milliseconds, \
             100 to 1000\n  \
             SENTRY_DSN (value not shown): expected a DSN"
        );
        let fault = foreign("perhaps").unwrap_err();
        assert_eq!(fault.faults.len(), 1);
        assert_eq!(fault.faults[0].variable, "OBS_STRICT");
    }
}
