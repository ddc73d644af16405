//! The token at a place of a text, and whether it is random. Several rules may begin within one long
//! token: it is read once, and what was found is remembered, so that a client cannot choose a text
//! that is read again for each of its letters.

use std::ops::Range;

const DIGIT: u8 = 1;
const LETTER: u8 = 1 << 1;
const CAPITAL: u8 = 1 << 2;
const SIGN: u8 = 1 << 3;

/// The letters of tokens: base64, base64url, hexadecimal numbers, and what joins their parts.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' => LETTER,
            b'A'..=b'Z' => LETTER | CAPITAL,
            b'.' | b'_' | b'-' | b'~' | b'+' | b'/' | b'=' | b'%' => SIGN,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// Finds the tokens of one text.
#[derive(Default)]
pub(super) struct Tokens {
    /// The text is longer than the part of it that is looked at.
    pub(super) goes_on: bool,
    /// The last token that was read.
    read: Range<usize>,
    /// Where it ends without the full stops of its sentence.
    end: usize,
    /// What it has: the classes of its letters.
    seen: u8,
    /// Whether the next three are known.
    judged: bool,
    /// Behind the last letter, the last digit, and the last capital after a small letter. 0 if there
    /// is none: a token that begins behind such a place has none of them.
    letter: usize,
    digit: usize,
    capital: usize,
}

impl Tokens {
    pub(super) fn new(goes_on: bool) -> Self {
        Self { goes_on, ..Self::default() }
    }

    /// The token that begins at `start`, without a full stop of its sentence.
    pub(super) fn at(&mut self, bytes: &[u8], start: usize) -> Range<usize> {
        if !self.read.contains(&start) {
            self.read(bytes, start);
        }
        start..self.end.max(start)
    }

    /// The same if it is random and has at least so many bytes, or if the end of the text cuts it off
    /// and the text goes on.
    pub(super) fn random(
        &mut self,
        bytes: &[u8],
        start: usize,
        least: usize,
    ) -> Option<Range<usize>> {
        let token = self.at(bytes, start);
        let open = self.goes_on && self.read.end == bytes.len();
        let long = token.len() >= least;
        if long && !self.judged {
            self.judge(bytes);
        }
        let random =
            long && self.letter > start && (self.digit > start || self.capital > start + 1);
        (open || random).then_some(token)
    }

    fn read(&mut self, bytes: &[u8], start: usize) {
        let (mut end, mut seen) = (start, 0);
        for byte in &bytes[start..] {
            let class = CLASSES[usize::from(*byte)];
            if class == 0 {
                break;
            }
            seen |= class;
            end += 1;
        }
        let stops = bytes[start..end].iter().rev().take_while(|letter| **letter == b'.').count();
        self.end = end - stops;
        (self.read, self.seen, self.judged) = (start..end, seen, false);
    }

    fn judge(&mut self, bytes: &[u8]) {
        let (token, seen) = (&bytes[self.read.clone()], self.seen);
        let behind = |last: Option<usize>| last.map_or(0, |last| self.read.start + last + 1);
        let last = |class: u8, of: fn(&u8) -> bool| {
            if seen & class == 0 { 0 } else { behind(token.iter().rposition(of)) }
        };
        let inner = |two: &[u8]| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase();
        let capital = seen & CAPITAL != 0;
        let capital = capital.then(|| token.windows(2).rposition(inner)).flatten();
        let (letter, digit) =
            (last(LETTER, u8::is_ascii_alphabetic), last(DIGIT, u8::is_ascii_digit));
        let capital = behind(capital.map(|small| small + 1));
        (self.letter, self.digit, self.capital, self.judged) = (letter, digit, capital, true);
    }
}

#[cfg(test)]
mod tests {
    use super::super::letters::{is_random, run};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_remembered_is_what_a_new_look_finds(
            text in "[a1B._/ ]{0,40}", starts in proptest::collection::vec(0_usize..40, 1..9), least in 1_usize..9
        ) {
            let bytes = text.as_bytes();
            let mut tokens = Tokens::new(false);
            for start in starts.into_iter().filter(|start| *start <= bytes.len()) {
                let all = start + run(&bytes[start..], |b| b.is_ascii_alphanumeric() || b"._/".contains(&b));
                let end = start + text[start..all].trim_end_matches('.').len();
                prop_assert_eq!(tokens.at(bytes, start), start..end);
                let random = is_random(&bytes[start..end], least).then_some(start..end);
                prop_assert_eq!(tokens.random(bytes, start, least), random);
            }
        }
    }
}
