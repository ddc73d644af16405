use std::env::{self, VarError};
use std::ops::RangeInclusive;
use std::time::Duration;

use super::{ConfigError, Fault};
use crate::redact::{self, is_secret_name};

type Lookup<'a> = dyn Fn(&str) -> Result<String, VarError> + 'a;

/// Reads variables and collects the faults.
///
/// A variable that is not set, or empty, is `None`: the default stays. So is a faulty one, and
/// [`finish`](Self::finish) then says so.
///
/// ```
/// use obs_core::config::Reader;
///
/// let mut reader = Reader::from_lookup(|name| (name == "RETRIES").then(|| "many".to_owned()));
/// let retries = reader.parse("RETRIES", "a whole number", |text| text.parse::<u32>().ok());
/// assert_eq!(retries, None);
/// assert_eq!(
///     reader.finish().unwrap_err().to_string(),
///     "1 environment variable cannot be used:\n  RETRIES=\"many\": allowed is a whole number",
/// );
/// ```
pub struct Reader<'a> {
    lookup: Box<Lookup<'a>>,
    faults: Vec<Fault>,
}

impl Reader<'static> {
    /// Reads the environment of the process.
    #[must_use]
    pub fn process() -> Self {
        Self { lookup: Box::new(|name| env::var(name)), faults: Vec::new() }
    }
}

impl<'a> Reader<'a> {
    /// Reads from anything else, such as a map in a test.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String> + 'a) -> Self {
        Self {
            lookup: Box::new(move |name| lookup(name).ok_or(VarError::NotPresent)),
            faults: Vec::new(),
        }
    }

    /// The text of a variable, trimmed.
    pub fn text(&mut self, variable: &str) -> Option<String> {
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

    /// A variable that `parse` understands; `allowed` says what that is.
    pub fn parse<T>(
        &mut self,
        variable: &str,
        allowed: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.text(variable)?;
        let parsed = parse(&value);
        if parsed.is_none() {
            self.fault(variable, &value, allowed);
        }
        parsed
    }

    /// A whole number of milliseconds within `range`.
    pub fn millis(&mut self, variable: &str, range: RangeInclusive<u64>) -> Option<Duration> {
        let allowed =
            format!("a whole number of milliseconds, {} to {}", range.start(), range.end());
        self.parse(variable, &allowed, |text| {
            text.parse().ok().filter(|number| range.contains(number)).map(Duration::from_millis)
        })
    }

    /// One of several words, whatever their case.
    pub fn choice<T: Copy>(&mut self, variable: &str, words: &[(&str, T)]) -> Option<T> {
        let allowed = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        self.parse(variable, &format!("one of {allowed}"), |text| {
            let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
            found.map(|(_, value)| *value)
        })
    }

    /// `true` or `false`, as the
    /// [OpenTelemetry specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#boolean)
    /// has it.
    pub fn flag(&mut self, variable: &str) -> Option<bool> {
        self.choice(variable, &[("true", true), ("false", false)])
    }

    /// Notes a fault that only shows when values are put together.
    pub fn fault(&mut self, variable: &str, value: &str, allowed: &str) {
        self.faults.push(Fault {
            variable: variable.to_owned(),
            value: (!is_secret_name(variable)).then(|| redact::text(value).into_owned()),
            allowed: allowed.to_owned(),
        });
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`ConfigError`] with every fault that was found.
    pub fn finish(self) -> Result<(), ConfigError> {
        if self.faults.is_empty() { Ok(()) } else { Err(ConfigError { faults: self.faults }) }
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("faults", &self.faults).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(pairs: &'static [(&'static str, &'static str)]) -> Reader<'static> {
        Reader::from_lookup(|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn all_faults_at_once_and_no_secret_among_them() {
        let mut reader =
            reader(&[("A_MS", "0"), ("B", "maybe"), ("X_TOKEN", "hunter2"), ("OK", "true")]);
        assert_eq!(reader.millis("A_MS", 1..=60_000), None);
        assert_eq!(reader.flag("B"), None);
        assert_eq!(reader.parse("X_TOKEN", "16 hex digits", |_| None::<()>), None);
        assert_eq!(reader.flag("OK"), Some(true));
        let text = reader.finish().unwrap_err().to_string();
        assert_eq!(
            text,
            "3 environment variables cannot be used:\n  \
             A_MS=\"0\": allowed is a whole number of milliseconds, 1 to 60000\n  \
             B=\"maybe\": allowed is one of true, false\n  \
             X_TOKEN (value not shown): allowed is 16 hex digits"
        );
    }

    #[test]
    fn empty_is_unset() {
        let mut reader = reader(&[("A", " ")]);
        assert_eq!(reader.text("A"), None);
        assert!(reader.finish().is_ok());
    }
}
