//! A list of words, and a table that answers for most others that they are not in it.

pub(super) struct Words {
    all: &'static [&'static str],
    known: [bool; 256],
}

impl Words {
    /// Of small letters.
    pub(super) const fn new(all: &'static [&'static str]) -> Self {
        let mut known = [false; 256];
        let mut nth = 0;
        while nth < all.len() {
            known[slot(all[nth].as_bytes())] = true;
            nth += 1;
        }
        Self { all, known }
    }

    /// Whether a word is one of these, in capitals or not.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.known[slot(word.as_bytes())]
            && self.all.iter().any(|known| known.eq_ignore_ascii_case(word))
    }
}

/// Without case.
const fn slot(word: &[u8]) -> usize {
    match word {
        [] => 0,
        [one] => (*one | 0x20) as usize,
        [a, b, ..] => {
            let last = word[word.len() - 1];
            ((*a | 0x20) as usize * 7
                + (*b | 0x20) as usize * 3
                + (last | 0x20) as usize
                + word.len())
                & 255
        }
    }
}
