use std::fmt;
use std::str::FromStr;

use tracing_core::metadata::LevelFilter;
use tracing_core::{Level, Metadata};
use tracing_subscriber::filter::Targets;

/// The target of access lines.
pub(crate) const ACCESS: &str = "obs.access";

/// The target of the lines of slow calls.
pub(crate) const CALLS: &str = "obs.calls";

/// Targets of libraries that log at level ERROR for requests that cannot be parsed or are too large.
/// Any client can send those, so the targets are off unless the levels name them.
const CLIENT_ERRORS: [&str; 2] = ["actix_http::h1::dispatcher", "actix_http::h1::decoder"];

/// Which events become log lines: one level for all, others for some targets.
///
/// Written as a list separated by commas, and read as `EnvFilter` and `env_logger` read theirs.
/// `info` is the level of all targets, `my_crate=debug` that of one target and what begins with it;
/// the longest match counts. Levels are `off`, `error`, `warn`, `info`, `debug` and `trace`, in upper
/// or lower case, or 0 to 5. A target without a level, `my_crate`, logs everything. Without a level
/// of all targets, as in `my_crate=debug`, other targets are off. Spans and their fields
/// (`my_crate[span]=debug`) cannot be chosen. The default is `info`.
///
/// Two targets are off unless the list names them or the beginning of them, such as `actix_http`:
/// `actix_http::h1::dispatcher` and `actix_http::h1::decoder`. They log an ERROR for requests that
/// cannot be parsed or are too large, which any client can send.
///
/// ```
/// use obs_logging::Levels;
///
/// let levels: Levels = "warn,my_crate=debug".parse()?;
/// assert_eq!(levels.to_string(), "warn,my_crate=debug");
/// assert!("a=info,b=debgu".parse::<Levels>().is_err());
/// # Ok::<_, obs_logging::LevelsError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Levels {
    text: String,
    targets: Targets,
    most: LevelFilter,
    access: LevelFilter,
}

/// A part of a text that is no [`Levels`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is neither a level (off, error, warn, info, debug, trace), a target nor target=level"
)]
pub struct LevelsError(String);

impl Levels {
    /// What a variable may hold, for a fault.
    pub(crate) const EXPECTED: &str = "off, error, warn, info, debug, trace, target or target=level, \
        separated by commas, such as warn,my_crate=debug";

    /// What can be read of `text`, or the default, and the parts that cannot be read.
    pub(crate) fn lossy(text: &str) -> (Self, Vec<&str>) {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let (mut fine, mut bad) = (Vec::new(), Vec::new());
        for part in parts {
            match directive(part) {
                Some(directive) => fine.push((part, directive)),
                None => bad.push(part),
            }
        }
        if fine.is_empty() { (Self::default(), bad) } else { (Self::of(&fine), bad) }
    }

    fn of(parts: &[(&str, Directive<'_>)]) -> Self {
        let is_named = |client: &str| {
            let mut names = parts.iter().filter_map(|(_, (target, _))| *target);
            names.any(|target| client.starts_with(target))
        };
        let quiet = CLIENT_ERRORS.into_iter().filter(|target| !is_named(target));
        let mut targets: Targets = quiet.map(|target| (target, LevelFilter::OFF)).collect();
        let (mut most, mut all, mut access) = (LevelFilter::OFF, None, None);
        for (_, (target, level)) in parts {
            match target {
                None => {
                    all = Some(*level);
                    targets = targets.with_default(*level);
                }
                Some(target) => {
                    access = if *target == ACCESS { Some(*level) } else { access };
                    targets = targets.with_target(*target, *level);
                }
            }
            most = most.max(*level);
        }
        let silent = all == Some(LevelFilter::OFF);
        let otherwise = if silent { LevelFilter::OFF } else { LevelFilter::INFO };
        let parts: Vec<_> = parts.iter().map(|(part, _)| *part).collect();
        Self { text: parts.join(","), targets, most, access: access.unwrap_or(otherwise) }
    }

    pub(crate) fn enables(&self, metadata: &Metadata<'_>) -> bool {
        self.targets.would_enable(metadata.target(), metadata.level())
    }

    /// Slow calls are logged as events of their target are, at WARN.
    pub(crate) fn enables_calls(&self) -> bool {
        self.targets.would_enable(CALLS, &Level::WARN)
    }

    /// The most verbose level of any target.
    pub(crate) fn most(&self) -> LevelFilter {
        self.most
    }

    /// Access lines are off if everything is, or if `obs.access` has a level of its own.
    pub(crate) fn enables_access(&self, level: Level) -> bool {
        level <= self.access
    }
}

// `Targets` only lacks the derive.
impl Eq for Levels {}

impl Default for Levels {
    fn default() -> Self {
        Self::of(&[("info", (None, LevelFilter::INFO))])
    }
}

impl FromStr for Levels {
    type Err = LevelsError;

    fn from_str(text: &str) -> Result<Self, LevelsError> {
        let (levels, bad) = Self::lossy(text);
        let empty = text.split(',').all(|part| part.trim().is_empty());
        match bad.first() {
            Some(part) => Err(LevelsError((*part).to_owned())),
            None if empty => Err(LevelsError(text.to_owned())),
            None => Ok(levels),
        }
    }
}

/// The level of one target, or of all.
type Directive<'a> = (Option<&'a str>, LevelFilter);

fn directive(part: &str) -> Option<Directive<'_>> {
    let Some((target, name)) = part.split_once('=') else {
        return match level(part) {
            Some(level) => Some((None, level)),
            None => {
                (is_target(part) && !is_misspelt(part)).then_some((Some(part), LevelFilter::TRACE))
            }
        };
    };
    let (target, name) = (target.trim(), name.trim());
    let level = if name.is_empty() { LevelFilter::TRACE } else { level(name)? };
    is_target(target).then_some((Some(target), level))
}

const LEVELS: [(&str, LevelFilter); 6] = [
    ("off", LevelFilter::OFF),
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
    ("trace", LevelFilter::TRACE),
];

fn level(name: &str) -> Option<LevelFilter> {
    let number = || LEVELS.get(name.parse::<usize>().ok()?);
    let word = LEVELS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    word.or_else(number).map(|(_, level)| *level)
}

/// Not what `EnvFilter` writes for spans and fields, nor the filter of messages of `env_logger`: that
/// would match nothing.
fn is_target(text: &str) -> bool {
    let odd = |letter: char| "[]{}=\"/".contains(letter) || letter.is_whitespace();
    !text.is_empty() && !text.contains(odd)
}

/// Whether `text` is a level with two neighbouring letters swapped, or without one of its letters.
/// Taken for a target, `inof` would turn everything else off.
fn is_misspelt(text: &str) -> bool {
    let own = text.to_ascii_lowercase().into_bytes();
    LEVELS.iter().filter(|(level, _)| level.len() > 3).any(|(level, _)| {
        let level = level.as_bytes();
        (1..level.len()).any(|at| {
            let mut swapped = level.to_vec();
            swapped.swap(at - 1, at);
            own == swapped || own == [&level[..at], &level[at + 1..]].concat()
        })
    })
}

impl fmt::Display for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Levels").field(&self.text).finish()
    }
}
