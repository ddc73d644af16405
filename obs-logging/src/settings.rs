use std::time::Duration;

use obs_core::config::Reader;

use crate::Levels;

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggingSettings {
    /// Which events become lines. Default `info`, without [targets that log what clients send
    /// wrongly](Levels). Environment: `RUST_LOG`.
    pub levels: Levels,
    /// How lines look. Default [`Format::Auto`]. Environment: `OBS_LOG_FORMAT` (`auto`, `json`,
    /// `console`).
    pub format: Format,
    /// How many bytes of lines may wait for the output; while they are written, as many again.
    /// Further lines are dropped and counted. Default 1 MiB. Environment: `OBS_LOG_BUFFER_BYTES`,
    /// 4096 to 1073741824.
    pub buffer_bytes: usize,
    /// Whether every finished request and job writes a line. Default `true`. Environment:
    /// `OBS_ACCESS_LOG`.
    pub access_log: bool,
    /// Whether records of the `log` crate become log lines. Default `true`. Environment:
    /// `OBS_LOG_CRATE`. With `false` the logger of that crate is left alone, and the application may set
    /// one of its own.
    pub log_crate: bool,
    /// A call to a database, cache or another service that takes longer writes a line. Default 1 s;
    /// zero writes none. Environment: `OBS_SLOW_CALL_MS`, 0 to 3 600 000 milliseconds.
    pub slow_call: Duration,
    /// Whether console lines are coloured on a terminal. Default `true`. Environment: any value of
    /// [`NO_COLOR`](https://no-color.org) turns it off.
    pub color: bool,
}

/// How lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// [`Console`](Self::Console) on a terminal, else [`Json`](Self::Json). The default.
    #[default]
    Auto,
    /// One JSON object per line.
    Json,
    /// For a person's eyes.
    Console,
}

/// Bounds of the buffer, in bytes.
const BUFFER: std::ops::RangeInclusive<usize> = 4096..=1 << 30;

impl Default for LoggingSettings {
    fn default() -> Self {
        Self {
            levels: Levels::default(),
            format: Format::default(),
            buffer_bytes: 1 << 20,
            access_log: true,
            log_crate: true,
            slow_call: Duration::from_secs(1),
            color: true,
        }
    }
}

impl LoggingSettings {
    /// Reads the variables; what is not set stays at its default.
    #[must_use]
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let default = Self::default();
        let words = [("auto", Format::Auto), ("json", Format::Json), ("console", Format::Console)];
        let bytes = format!("a whole number of bytes, {} to {}", BUFFER.start(), BUFFER.end());
        Self {
            levels: levels(reader).unwrap_or(default.levels),
            format: reader.choice("OBS_LOG_FORMAT", &words).unwrap_or(default.format),
            buffer_bytes: reader
                .parse("OBS_LOG_BUFFER_BYTES", &bytes, |text| {
                    text.parse().ok().filter(|number| BUFFER.contains(number))
                })
                .unwrap_or(default.buffer_bytes),
            access_log: reader.flag("OBS_ACCESS_LOG").unwrap_or(default.access_log),
            log_crate: reader.flag("OBS_LOG_CRATE").unwrap_or(default.log_crate),
            slow_call: reader
                .millis("OBS_SLOW_CALL_MS", 0..=3_600_000)
                .unwrap_or(default.slow_call),
            color: reader.text("NO_COLOR").is_none(),
        }
    }

    /// The bytes within their bounds, also if code set them.
    pub(crate) fn buffer(&self) -> usize {
        self.buffer_bytes.clamp(*BUFFER.start(), *BUFFER.end())
    }
}

/// How many parts of `RUST_LOG` that cannot be read are reported.
const MAX_BAD: usize = 8;

fn levels(reader: &mut Reader<'_>) -> Option<Levels> {
    const VARIABLE: &str = "RUST_LOG";
    let text = reader.text(VARIABLE)?;
    let (levels, bad) = Levels::lossy(&text);
    for part in bad.into_iter().take(MAX_BAD) {
        if part == text {
            reader.fault(VARIABLE, &text, Levels::EXPECTED);
        } else {
            reader.part_fault(VARIABLE, &text, part, Levels::EXPECTED);
        }
    }
    Some(levels)
}
