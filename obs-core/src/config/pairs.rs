/// `key=value` pairs separated by commas, with percent-encoded values: the form of
/// `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_EXPORTER_OTLP_HEADERS`
/// ([W3C Baggage](https://www.w3.org/TR/baggage/#header-content) without properties).
///
/// `None` if a pair has no `=`, no key, or a value that does not decode to UTF-8.
///
/// ```
/// let pairs = obs_core::config::pairs("team=check%2Cout, tier = gold").unwrap();
/// assert_eq!(pairs[0], ("team".to_owned(), "check,out".to_owned()));
/// assert_eq!(pairs[1], ("tier".to_owned(), "gold".to_owned()));
/// ```
#[must_use]
pub fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    text.split(',')
        .map(|pair| {
            let (key, value) = pair.split_once('=')?;
            let key = key.trim();
            (!key.is_empty()).then(|| Some((key.to_owned(), percent_decode(value.trim())?)))?
        })
        .collect()
}

/// Text with `%20` and the like in it, as in a URL. `None` if it does not decode to UTF-8.
#[must_use]
pub fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let byte = if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            u8::try_from(digit()? * 16 + digit()?).ok()?
        } else {
            byte
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn broken_pairs() {
        for text in ["novalue", "=x", "a=%zz", "a=%4", "a=%ff"] {
            assert_eq!(pairs(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_encoded_comes_back(values in prop::collection::vec(any::<String>(), 1..5)) {
            let encoded = |value: &String| value.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
            let text: Vec<_> = values.iter().map(|value| format!("k={}", encoded(value))).collect();
            let read = pairs(&text.join(",")).unwrap();
            prop_assert_eq!(read.into_iter().map(|(_, value)| value).collect::<Vec<_>>(), values);
        }
    }
}
