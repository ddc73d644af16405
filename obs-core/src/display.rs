//! Letters that command whatever shows them: none of a foreign text reaches a line or a terminal as
//! it is.

/// Whether `letter` commands a terminal or a viewer instead of being shown: the controls of ASCII and
/// of Latin-1 (U+0080 to U+009F), those of the
/// [direction of a text](https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters),
/// and the separators of lines and paragraphs (U+2028, U+2029).
///
/// Lines show such a letter as an escape.
#[must_use]
pub const fn is_display_control(letter: char) -> bool {
    matches!(
        letter,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
    )
}
