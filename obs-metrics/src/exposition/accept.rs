//! `Accept` and `Accept-Encoding` as RFC 9110 has them: lists of ranges with a quality.

/// One element of the list.
#[derive(Debug)]
pub(super) struct Range<'a> {
    /// Before the parameters: `text/plain`, `*/*`, `gzip`.
    pub(super) name: &'a str,
    parameters: &'a str,
    /// In thousandths; 0 excludes.
    pub(super) quality: u16,
}

/// The elements that are understood.
pub(super) fn ranges(header: &str) -> impl Iterator<Item = Range<'_>> {
    split(header, ',').filter_map(|element| {
        let (name, parameters) = element.split_once(';').unwrap_or((element, ""));
        let mut range = Range { name: name.trim(), parameters, quality: 1000 };
        if let Some(quality) = range.parameter("q") {
            range.quality = thousandths(quality)?;
        }
        (!range.name.is_empty()).then_some(range)
    })
}

impl Range<'_> {
    /// The value of a parameter, without quotation marks.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        split(self.parameters, ';').find_map(|parameter| {
            let (found, value) = parameter.split_once('=')?;
            let value = value.trim();
            let plain = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            found.trim().eq_ignore_ascii_case(name).then_some(plain.unwrap_or(value))
        })
    }
}

/// Where `separator` is not between quotation marks.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |character| {
        let separates = character == separator && !quoted;
        match character {
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = quoted && character == '\\' && !escaped;
        separates
    })
}

/// `0`, `0.5`, `1.000`: at most three decimals, at most one.
fn thousandths(quality: &str) -> Option<u16> {
    let (whole, decimals) = quality.split_once('.').unwrap_or((quality, ""));
    let digits = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let decimals = format!("{decimals:0<3}").parse().ok().filter(|_| digits)?;
    match (whole, decimals) {
        ("0", decimals) => Some(decimals),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities() {
        for (text, expected) in [
            ("1", Some(1000)),
            ("1.000", Some(1000)),
            ("0.", Some(0)),
            ("0.05", Some(50)),
            ("0.123", Some(123)),
            ("0", Some(0)),
            ("1.001", None),
            ("0.1234", None),
            ("-0.5", None),
            ("0.+5", None),
            ("", None),
            ("high", None),
        ] {
            assert_eq!(thousandths(text), expected, "{text:?}");
        }
    }

    #[test]
    fn parameters() {
        let header = r#"a/b ; X="1,2;3\"" ; q=0.5,, c/d;q=2, e/f;Q=0"#;
        let ranges: Vec<_> = ranges(header).collect();
        let found: Vec<_> = ranges.iter().map(|range| (range.name, range.quality)).collect();
        assert_eq!(found, [("a/b", 500), ("e/f", 0)]);
        assert_eq!(ranges[0].parameter("x"), Some(r#"1,2;3\""#));
        assert_eq!(ranges[0].parameter("y"), None);
    }
}
