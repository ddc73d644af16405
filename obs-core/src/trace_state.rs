//! `tracestate`: what other tracing systems add to a trace. It is carried on, within bounds.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::Headers;

/// Longest list that is carried, in bytes.
const MAX_BYTES: usize = 512;
/// Most entries of a list.
const MAX_MEMBERS: usize = 32;
/// Longer entries go first if a list is too long.
const LARGE_MEMBER: usize = 128;
/// Longest key and longest value of an entry.
const MAX_PART: usize = 256;
/// How many bytes of the headers are looked at. An entry that does not end within them is left out.
const MAX_SCAN: usize = 4096;
/// Longest list that needs no memory of its own: the one of a sampler, for one.
const SHORT: usize = 22;

/// The [`tracestate`](https://www.w3.org/TR/trace-context-2/#tracestate-header) of a trace: entries
/// `key=value`, separated by commas, that other tracing systems have added.
///
/// At most 32 entries and 512 bytes. It is never empty. A clone shares the text, and so allocates
/// nothing.
///
/// ```
/// use obs_core::TraceState;
///
/// let state = TraceState::parse(b"congo=t61rcWkgMzE , rojo=00f067aa0ba902b7").unwrap();
/// assert_eq!(state.as_str(), "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7");
/// assert!(TraceState::parse(b"Congo=t61rcWkgMzE").is_none());
/// ```
#[derive(Clone)]
pub struct TraceState(Repr);

#[derive(Clone)]
enum Repr {
    Short { len: u8, text: [u8; SHORT] },
    Long(Arc<str>),
}

impl TraceState {
    /// Reads the value of one header. `None` if it is invalid or has no entry.
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        let mut list = List::default();
        list.read(value);
        list.finish()
    }

    /// Reads all `tracestate` headers of a request as one list.
    ///
    /// An entry that is invalid, or a 33rd one, makes the list invalid: there is none then. Of
    /// entries with the same key the first one stays. If the list is too long, entries of more than 128
    /// bytes are left out first, then the last ones.
    #[must_use]
    pub fn read(headers: &dyn Headers) -> Option<Self> {
        let mut list = List::default();
        headers.each("tracestate", &mut |value| list.read(value));
        list.finish()
    }

    /// The value of the header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // Made of a text.
            Repr::Short { len, text } => {
                std::str::from_utf8(&text[..usize::from(*len)]).unwrap_or_default()
            }
            Repr::Long(text) => text,
        }
    }

    /// The value of an entry.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut members = self.as_str().split(',').filter_map(|member| member.split_once('='));
        members.find_map(|(known, value)| (known == key).then_some(value))
    }

    /// The list with this value for `key`, as its first entry, or without that key. All others stay in
    /// their order, except those that are beyond the bounds then. `None` if there is no entry left, or
    /// if `key` or `value` is invalid.
    #[must_use]
    pub fn with(&self, key: &str, value: Option<&str>) -> Option<Self> {
        let mut list = List::default();
        if let Some(value) = value {
            list.push(member(format!("{key}={value}").as_bytes())?);
        }
        let others = self.as_str().split(',').filter(|member| self::key(member) != key);
        others.take(MAX_MEMBERS - list.count).for_each(|member| list.push(member));
        list.finish()
    }

    /// How much memory it holds, in bytes.
    pub(crate) fn size(&self) -> usize {
        match &self.0 {
            Repr::Short { .. } => 0,
            Repr::Long(text) => text.len(),
        }
    }
}

impl From<&str> for Repr {
    fn from(list: &str) -> Self {
        let mut text = [0; SHORT];
        match text.get_mut(..list.len()) {
            Some(short) => {
                short.copy_from_slice(list.as_bytes());
                Self::Short { len: list.len() as u8, text }
            }
            None => Self::Long(list.into()),
        }
    }
}

/// A list while it is read.
#[derive(Default)]
struct List {
    text: String,
    /// Where the entries are in the text.
    members: [Range<usize>; MAX_MEMBERS],
    count: usize,
    scanned: usize,
    invalid: bool,
}

impl List {
    fn read(&mut self, value: &[u8]) {
        let room = MAX_SCAN - self.scanned;
        let cut = value.len() > room;
        let value = &value[..value.len().min(room)];
        self.scanned += value.len();
        let mut parts = value.split(|byte| *byte == b',').peekable();
        while let Some(part) = parts.next().filter(|_| !self.invalid) {
            if cut && parts.peek().is_none() {
                return;
            }
            match member(part) {
                Some("") => {}
                Some(_) if self.count == MAX_MEMBERS => self.invalid = true,
                Some(member) => self.push(member),
                None => self.invalid = true,
            }
        }
    }

    /// Adds an entry, unless its key is there already.
    fn push(&mut self, member: &str) {
        let key = key(member);
        if self.members[..self.count].iter().any(|at| self::key(&self.text[at.clone()]) == key) {
            return;
        }
        let start = self.text.len();
        self.text.push_str(member);
        self.members[self.count] = start..self.text.len();
        self.count += 1;
    }

    fn finish(mut self) -> Option<TraceState> {
        if self.invalid {
            return None;
        }
        while self.len() > MAX_BYTES {
            let members = &self.members[..self.count];
            let large = members.iter().rposition(|at| at.len() > LARGE_MEMBER);
            self.remove(large.unwrap_or(self.count - 1));
        }
        if self.count == 0 {
            return None;
        }
        let mut text = String::with_capacity(self.len());
        for (index, at) in self.members[..self.count].iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&self.text[at.clone()]);
        }
        Some(TraceState(text.as_str().into()))
    }

    /// The length of the header.
    fn len(&self) -> usize {
        let members: usize = self.members[..self.count].iter().map(Range::len).sum();
        members + self.count.saturating_sub(1)
    }

    fn remove(&mut self, index: usize) {
        self.members[index..self.count].rotate_left(1);
        self.count -= 1;
    }
}

/// An entry without the white space around it; empty if there is only that. `None` if it is invalid.
fn member(part: &[u8]) -> Option<&str> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = part.iter().position(|byte| !blank(byte)).unwrap_or(part.len());
    let end = part.iter().rposition(|byte| !blank(byte)).map_or(start, |last| last + 1);
    let text = std::str::from_utf8(&part[start..end]).ok()?;
    if text.is_empty() {
        return Some(text);
    }
    let (key, value) = text.split_once('=')?;
    let keychar =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-*/@".contains(&byte);
    let valid = (1..=MAX_PART).contains(&key.len())
        && key.bytes().all(keychar)
        && key.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && (1..=MAX_PART).contains(&value.len())
        && value.bytes().all(|byte| matches!(byte, b' '..=b'~') && !b",=".contains(&byte));
    valid.then_some(text)
}

fn key(member: &str) -> &str {
    member.split_once('=').map_or(member, |(key, _)| key)
}

impl PartialEq for TraceState {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for TraceState {}

impl fmt::Display for TraceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for TraceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceState({:?})", self.as_str())
    }
}
