use std::fmt;

use crate::redact::{bounded, is_secret_name};

/// One variable that is not used as it stands: a fault stops the start, a warning does not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The variable.
    pub variable: String,
    /// What it holds, redacted, at most 200 bytes of it; `None` if it is a secret, or if the value
    /// is not the problem.
    pub value: Option<String>,
    /// What is wrong.
    pub problem: Problem,
    /// What happens instead, such as `the default is used`. Empty for what stops the start.
    pub effect: String,
}

/// What is wrong with a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The value, or a part of it, cannot be used.
    Invalid {
        /// The part, if the rest of a list is in force. Redacted and cut as the value is.
        part: Option<String>,
        /// What is expected.
        expected: String,
    },
    /// No variable has this name.
    Unknown {
        /// The known name that is most like it.
        nearest: Option<&'static str>,
    },
    /// A known variable that has no effect here.
    Ignored {
        /// Why, and what to use instead.
        why: &'static str,
    },
}

/// How much of a value a message shows, in bytes.
const SHOWN: usize = 200;

impl Fault {
    /// A value, or a `part` of it, that cannot be used.
    pub(super) fn invalid(variable: &str, value: &str, part: Option<&str>, expected: &str) -> Self {
        let secret = is_secret_name(variable);
        Self {
            variable: bounded(variable, SHOWN).into_owned(),
            value: (!secret).then(|| bounded(value, SHOWN).into_owned()),
            problem: Problem::Invalid {
                part: part.filter(|_| !secret).map(|part| bounded(part, SHOWN).into_owned()),
                expected: expected.to_owned(),
            },
            effect: String::new(),
        }
    }

    /// A name that is not known.
    pub(super) fn unknown(variable: &str, nearest: Option<&'static str>) -> Self {
        Self::without_value(variable, Problem::Unknown { nearest })
    }

    /// A known variable that has no effect.
    pub(super) fn ignored(variable: &str, why: &'static str) -> Self {
        Self::without_value(variable, Problem::Ignored { why })
    }

    fn without_value(variable: &str, problem: Problem) -> Self {
        Self {
            variable: bounded(variable, SHOWN).into_owned(),
            value: None,
            problem,
            effect: String::new(),
        }
    }

    /// Adds to what happens instead.
    pub(super) fn add_effect(&mut self, effect: &str) {
        if !self.effect.is_empty() {
            self.effect.push_str(", ");
        }
        self.effect.push_str(effect);
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { variable, value, problem, effect } = self;
        match (problem, value) {
            (Problem::Invalid { part: None, expected }, Some(value)) => {
                write!(f, "{variable}={value:?}: expected {expected}")?;
            }
            (Problem::Invalid { part: Some(part), expected }, Some(value)) => {
                write!(f, "{variable}: of {value:?} the part {part:?}: expected {expected}")?;
            }
            (Problem::Invalid { expected, .. }, None) => {
                write!(f, "{variable} (value not shown): expected {expected}")?;
            }
            (Problem::Unknown { nearest: Some(nearest) }, _) => {
                write!(f, "{variable}: unknown variable, did you mean {nearest}?")?;
            }
            (Problem::Unknown { nearest: None }, _) => write!(f, "{variable}: unknown variable")?,
            (Problem::Ignored { why }, _) => write!(f, "{variable} is ignored: {why}")?,
        }
        if effect.is_empty() { Ok(()) } else { write!(f, " ({effect})") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_as_a_sentence() {
        let part = Fault::invalid("RUST_LOG", "a=info,b=debgu", Some("b=debgu"), "a level");
        for (fault, text) in [
            (Fault::invalid("A", "1", None, "2"), "A=\"1\": expected 2"),
            (part, "RUST_LOG: of \"a=info,b=debgu\" the part \"b=debgu\": expected a level"),
            (
                Fault::invalid("A_TOKEN", "hunter2", Some("hunter2"), "2"),
                "A_TOKEN (value not shown): expected 2",
            ),
            (Fault::unknown("OBS_X", None), "OBS_X: unknown variable"),
            (
                Fault::unknown("OBS_ON_PANICK", Some("OBS_ON_PANIC")),
                "OBS_ON_PANICK: unknown variable, did you mean OBS_ON_PANIC?",
            ),
            (Fault::ignored("HTTPS_PROXY", "no proxies"), "HTTPS_PROXY is ignored: no proxies"),
        ] {
            assert_eq!(fault.to_string(), text);
        }
    }

    #[test]
    fn a_value_is_redacted_before_it_is_cut() {
        let value = format!("{} password=hunter2", "é".repeat(96));
        let shown = Fault::invalid("A", &value, None, "x").value.unwrap();
        assert!(shown.len() <= SHOWN + '…'.len_utf8(), "{shown}");
        assert!(!shown.contains("hunt"), "{shown}");
    }
}
