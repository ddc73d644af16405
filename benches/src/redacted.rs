//! What redaction costs for each byte of a text: of ordinary ones, and of those that a client chooses to
//! make it dear.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use obs_core::redact::{floor, text};

use crate::Drive;
use crate::produced::Produced;

/// What is redacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sample {
    /// Messages of services and libraries, lines of access, SQL, prose, a URL, a line of JSON.
    Ordinary,
    /// Lines of JSON: a pair in every ten bytes.
    Json,
    /// The innocent texts of the corpus: each of them was chosen because it is nearly a secret.
    NearMisses,
    /// Names of secrets with values that are none.
    Names,
    /// URLs without a host.
    Urls,
    /// Elements that do not end.
    Elements,
    /// Pairs whose values may go on.
    Pairs,
}

impl Sample {
    pub(crate) const ALL: [Self; 7] = [
        Self::Ordinary,
        Self::Json,
        Self::NearMisses,
        Self::Names,
        Self::Urls,
        Self::Elements,
        Self::Pairs,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ordinary => "redact-ordinary",
            Self::Json => "redact-json",
            Self::NearMisses => "redact-near-misses",
            Self::Names => "redact-names",
            Self::Urls => "redact-urls",
            Self::Elements => "redact-elements",
            Self::Pairs => "redact-pairs",
        }
    }

    fn texts(self) -> Vec<String> {
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        let hostile = |part: &str| vec![part.repeat(Self::BYTES as usize / part.len())];
        match self {
            Self::Ordinary => lines(include_str!("redacted/ordinary.txt")),
            Self::Json => vec![JSON.to_owned()],
            Self::NearMisses => {
                let corpus = include_str!("../../obs-core/tests/redaction/corpus/innocents.toml");
                let text = |line: &str| Some(line.strip_prefix("text = ")?.trim().to_owned());
                corpus.lines().filter_map(text).collect()
            }
            Self::Names => hostile("sid="),
            Self::Urls => hostile("://"),
            Self::Elements => hostile("<password "),
            Self::Pairs => hostile("token=a,b&"),
        }
    }

    /// About as many bytes are redacted to be counted.
    pub(crate) const BYTES: u32 = 60_000;
}

const JSON: &str = r#"{"time":"2026-03-01T12:00:00.123Z","level":"info","target":"shop::orders","message":"order shipped","order_id":4711,"user":{"id":17,"name":"user17"},"items":[{"sku":"A-17","count":2,"price":12.5}],"ok":true}"#;

/// Redacts so many bytes of the sample, and what is left of its last text.
pub(crate) fn redacted(sample: Sample) -> (Drive, Produced) {
    let texts = sample.texts();
    let looked = Arc::new(AtomicU64::new(0));
    let bytes = Arc::clone(&looked);
    let drive = move |_: &_, count: u32| {
        let mut done = 0;
        while done < count as usize {
            for own in &texts {
                let rest = floor(own, count as usize - done);
                black_box(text(black_box(&own[..rest])));
                done += rest;
            }
            // A letter of several bytes may have no room.
            if done + 4 > count as usize {
                break;
            }
        }
        bytes.fetch_add(done as u64, Ordering::Relaxed);
    };
    (Box::new(drive), Produced::Bytes(looked))
}
