use super::text::{ends_with, equal};

/// The name of a family in the pieces that it is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    /// Empty: none.
    pub(super) namespace: &'static str,
    pub(super) field: &'static str,
    /// Empty: none.
    pub(super) unit: &'static str,
    /// `_total`, `_info` or nothing.
    pub(super) suffix: &'static str,
    /// The name that is set, instead of all that.
    pub(super) told: Option<&'static str>,
}

impl Name {
    const fn pieces(&self) -> [&'static str; 6] {
        match self.told {
            Some(name) => [name, "", "", "", "", ""],
            None => {
                let namespace = if self.namespace.is_empty() { "" } else { "_" };
                let unit = if self.unit.is_empty() { "" } else { "_" };
                [self.namespace, namespace, self.field, unit, self.unit, self.suffix]
            }
        }
    }

    pub(super) fn text(&self) -> String {
        self.pieces().concat()
    }

    /// Whether the name that is set ends as the pieces would.
    pub(super) const fn ends_well(&self) -> bool {
        let Some(name) = self.told else { return true };
        if !ends_with(name, self.suffix) {
            return false;
        }
        let name = name.split_at(name.len() - self.suffix.len()).0;
        self.unit.is_empty()
            || (ends_with(name, self.unit)
                && ends_with(name.split_at(name.len() - self.unit.len()).0, "_"))
    }

    pub(super) const fn is(&self, other: &Self) -> bool {
        let mut at = 0;
        loop {
            match (self.byte(at), other.byte(at)) {
                (None, None) => return true,
                (Some(a), Some(b)) if a == b => at += 1,
                _ => return false,
            }
        }
    }

    const fn byte(&self, mut at: usize) -> Option<u8> {
        let pieces = self.pieces();
        let mut piece = 0;
        while piece < pieces.len() {
            if at < pieces[piece].len() {
                return Some(pieces[piece].as_bytes()[at]);
            }
            at -= pieces[piece].len();
            piece += 1;
        }
        None
    }
}

/// Ends that say what kind of series it is.
const SUFFIXES: [&str; 6] = ["_total", "_info", "_bucket", "_sum", "_count", "_created"];

/// The suffix that a field has and must not have.
pub(super) const fn suffix_of(field: &str) -> Option<&'static str> {
    let mut at = 0;
    while at < SUFFIXES.len() {
        if ends_with(field, SUFFIXES[at]) || equal(field, SUFFIXES[at].split_at(1).1) {
            return Some(SUFFIXES[at]);
        }
        at += 1;
    }
    None
}
