use std::fmt;
use std::str::FromStr;

use tracing_core::metadata::LevelFilter;
use tracing_core::{Level, Metadata};
use tracing_subscriber::filter::Targets;

/// The target of access lines.
pub(crate) const ACCESS: &str = "obs.access";

/// Which events become log lines: one level for all, others for some targets.
///
/// Written as a list separated by commas. `info` is the level of all targets, `my_crate=debug` that
/// of one target and what begins with it; the longest match counts. Levels are `off`, `error`,
/// `warn`, `info`, `debug` and `trace`, whatever their case. Without a level of all targets, as in
/// `my_crate=debug`, other targets are off. The default is `info`.
///
/// ```
/// use obs_logging::Levels;
///
/// let levels: Levels = "warn,my_crate=debug".parse()?;
/// assert_eq!(levels.to_string(), "warn,my_crate=debug");
/// assert!("inof".parse::<Levels>().is_err());
/// # Ok::<_, obs_logging::LevelsError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Levels {
    text: String,
    targets: Targets,
    most: LevelFilter,
    access: LevelFilter,
}

/// A text that is no [`Levels`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a level (off, error, warn, info, debug, trace) nor target=level")]
pub struct LevelsError(String);

impl Levels {
    /// What a variable may hold, for a fault.
    pub(crate) const ALLOWED: &str = "off, error, warn, info, debug, trace or target=level, \
        separated by commas, such as warn,my_crate=debug";

    pub(crate) fn enables(&self, metadata: &Metadata<'_>) -> bool {
        self.targets.would_enable(metadata.target(), metadata.level())
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
        Self {
            text: "info".to_owned(),
            targets: Targets::new().with_default(LevelFilter::INFO),
            most: LevelFilter::INFO,
            access: LevelFilter::INFO,
        }
    }
}

impl FromStr for Levels {
    type Err = LevelsError;

    fn from_str(text: &str) -> Result<Self, LevelsError> {
        let mut targets = Targets::new();
        let (mut most, mut all, mut access) = (LevelFilter::OFF, None, None);
        let mut parts = text.split(',').map(str::trim).filter(|part| !part.is_empty()).peekable();
        if parts.peek().is_none() {
            return Err(LevelsError(text.to_owned()));
        }
        for part in parts {
            let wrong = || LevelsError(part.to_owned());
            let (target, name) = part
                .split_once('=')
                .map_or((None, part), |(target, name)| (Some(target.trim()), name.trim()));
            let level = level(name).ok_or_else(wrong)?;
            match target {
                None => {
                    all = Some(level);
                    targets = targets.with_default(level);
                }
                Some(target) if is_target(target) => {
                    access = if target == ACCESS { Some(level) } else { access };
                    targets = targets.with_target(target, level);
                }
                Some(_) => return Err(wrong()),
            }
            most = most.max(level);
        }
        let silent = all == Some(LevelFilter::OFF);
        let otherwise = if silent { LevelFilter::OFF } else { LevelFilter::INFO };
        Ok(Self { text: text.to_owned(), targets, most, access: access.unwrap_or(otherwise) })
    }
}

fn level(name: &str) -> Option<LevelFilter> {
    const LEVELS: [(&str, LevelFilter); 6] = [
        ("off", LevelFilter::OFF),
        ("error", LevelFilter::ERROR),
        ("warn", LevelFilter::WARN),
        ("info", LevelFilter::INFO),
        ("debug", LevelFilter::DEBUG),
        ("trace", LevelFilter::TRACE),
    ];
    LEVELS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, level)| *level)
}

/// Not what env-filter writes for spans and fields: that would match nothing.
fn is_target(text: &str) -> bool {
    !text.is_empty() && !text.contains(|letter: char| "[]{}=\"".contains(letter))
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
