use std::collections::HashMap;

/// `key=value` pairs separated by commas, with percent-encoded values: the form of
/// `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_EXPORTER_OTLP_HEADERS`
/// ([W3C Baggage](https://www.w3.org/TR/baggage/#header-content) without properties).
///
/// Empty members of the list and members without a value are skipped: empty is unset. Of members with
/// the same name the last one counts.
///
/// `None` if a member has no `=`, no name, or a value that does not decode to UTF-8.
///
/// ```
/// use obs_core::config::pairs;
///
/// let pairs = pairs("team=check%2Cout, tier = gold,zone=,tier=silver,").unwrap();
/// assert_eq!(pairs[0], ("team".to_owned(), "check,out".to_owned()));
/// assert_eq!(pairs[1], ("tier".to_owned(), "silver".to_owned()));
/// assert_eq!(pairs.len(), 2);
/// ```
#[must_use]
pub fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let members = text.split(',').map(str::trim).filter(|member| !member.is_empty());
    let mut places = HashMap::new();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for member in members {
        let (name, value) = member.split_once('=')?;
        let (name, value) = (name.trim_end(), percent_decode(value.trim_start())?);
        if name.is_empty() {
            return None;
        }
        if value.is_empty() {
            continue;
        }
        let place = *places.entry(name).or_insert(pairs.len());
        match pairs.get_mut(place) {
            Some(earlier) => earlier.1 = value,
            None => pairs.push((name.to_owned(), value)),
        }
    }
    Some(pairs)
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

    #[test]
    fn empty_members_are_skipped_and_the_last_of_a_name_counts() {
        let read = |text| -> Vec<(String, String)> { pairs(text).unwrap() };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for text in ["a=1,b=2,", ",a=1,b=2", "a=1,,b=2", " , a=1 , b = 2 ,c=,d= "] {
            assert_eq!(read(text), [pair("a", "1"), pair("b", "2")], "{text}");
        }
        assert_eq!(read("a=1,b=2,a=3"), [pair("a", "3"), pair("b", "2")]);
        assert_eq!(read("a=1,a="), [pair("a", "1")]);
        assert_eq!(read("a=1=2,b=%20"), [pair("a", "1=2"), pair("b", " ")]);
        assert_eq!(read(""), []);
    }

    proptest! {
        #[test]
        fn whatever_is_encoded_comes_back(values in prop::collection::vec(".+", 1..5)) {
            let encoded = |value: &String| value.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
            let numbered = values.iter().enumerate();
            let text: Vec<_> = numbered.map(|(n, value)| format!("k{n}={}", encoded(value))).collect();
            let read = pairs(&text.join(",")).unwrap();
            prop_assert_eq!(read.into_iter().map(|(_, value)| value).collect::<Vec<_>>(), values);
        }
    }
}
