use std::fmt::{Display, Write as _};

use obs_core::redact::floor;
use obs_core::{FieldValue, is_display_control};
use tracing_core::Level;

/// Digits of an id that are shown: enough to tell two apart, and the random ones.
const ID: usize = 8;
/// Before what belongs to the line above.
const INDENT: &str = "\n    ";

/// A console line while it is written.
pub(super) struct Paint {
    color: bool,
    line: String,
    /// Texts of several lines, for after the first one.
    blocks: String,
}

impl Paint {
    pub(super) fn new(color: bool) -> Self {
        Self { color, line: String::new(), blocks: String::new() }
    }

    fn styled(&mut self, style: &str, text: impl Display) {
        let _ = if self.color {
            write!(self.line, "\u{1b}[{style}m{text}\u{1b}[0m")
        } else {
            write!(self.line, "{text}")
        };
    }

    pub(super) fn dim(&mut self, text: &str) {
        self.styled("2", text);
    }

    pub(super) fn level(&mut self, level: Level) {
        let style = match level {
            Level::ERROR => "1;31",
            Level::WARN => "33",
            Level::INFO => "32",
            Level::DEBUG => "34",
            Level::TRACE => "35",
        };
        self.line.push(' ');
        self.styled(style, format_args!("{:>5}", level.as_str()));
    }

    pub(super) fn message(&mut self, text: &str) {
        for (at, part) in text.lines().enumerate() {
            self.line.push_str(if at == 0 { " " } else { INDENT });
            printable(part, &mut self.line);
        }
    }

    pub(super) fn field(&mut self, name: &str, value: &FieldValue) {
        let text = value.to_string();
        if text.trim_end().contains('\n') {
            self.blocks.push_str(INDENT);
            printable(name, &mut self.blocks);
            self.blocks.push(':');
            for part in text.lines() {
                self.blocks.push_str(INDENT);
                self.blocks.push_str("  ");
                printable(part, &mut self.blocks);
            }
            return;
        }
        let mut key = String::from(" ");
        printable(name, &mut key);
        key.push('=');
        self.dim(&key);
        let bare = !text.is_empty()
            && !text.contains(|letter: char| letter.is_whitespace() || "\"=".contains(letter));
        if bare || !matches!(value, FieldValue::Text(_)) {
            printable(&text, &mut self.line);
        } else {
            self.line.push('"');
            printable(&text.replace('"', "\\\""), &mut self.line);
            self.line.push('"');
        }
    }

    /// The end of an id: its beginning may be a time, and the same for all.
    pub(super) fn id(&mut self, name: &str, id: &str) {
        // Ids are ASCII.
        let text = match id.len().checked_sub(ID).filter(|hidden| *hidden > ID / 2) {
            Some(hidden) => format!(" {name}=…{}", id.get(hidden..).unwrap_or_default()),
            None => format!(" {name}={id}"),
        };
        self.dim(&text);
    }

    /// The line, at most `limit` bytes.
    pub(super) fn finish(mut self, limit: usize) -> String {
        const CUT: &str = "… line_cut=true";
        self.line.push_str(&self.blocks);
        let room = limit - CUT.len() - "\u{1b}[0m\n".len();
        if self.line.len() > room {
            self.line.truncate(floor(&self.line, room));
            if self.color {
                self.line.push_str("\u{1b}[0m");
            }
            self.line.push_str(CUT);
        }
        self.line.push('\n');
        self.line
    }
}

/// What came from outside must not write lines of its own or command the terminal.
fn printable(text: &str, out: &mut String) {
    for letter in text.chars() {
        if is_display_control(letter) && letter != '\t' {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        let mut paint = Paint::new(true);
        paint.level(Level::ERROR);
        paint.message("no \u{1b}[2J stock");
        paint.field("sku", &"a b".into());
        paint.id("request", "0198aaaa-0000-7000-8000-00001a2b3c4d");
        assert_eq!(
            paint.finish(LIMIT),
            " \u{1b}[1;31mERROR\u{1b}[0m no \\u{1b}[2J stock\u{1b}[2m sku=\u{1b}[0m\"a b\"\
             \u{1b}[2m request=…1a2b3c4d\u{1b}[0m\n"
        );
    }

    #[test]
    fn long_lines_are_cut() {
        let mut paint = Paint::new(false);
        paint.message(&"é".repeat(5000));
        let line = paint.finish(4096);
        assert!(line.len() <= 4096 && line.ends_with("… line_cut=true\n"), "{line}");
    }

    const LIMIT: usize = 4096;
}
