use obs_core::redact::floor;

use super::MAX_VALUE_BYTES;

/// A value as long as it may be.
pub(crate) fn cut(value: &str) -> &str {
    &value[..floor(value, MAX_VALUE_BYTES)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_is_cut() {
        let long = "é".repeat(MAX_VALUE_BYTES);
        assert_eq!(cut(&long).len(), MAX_VALUE_BYTES);
        assert_eq!(cut(&format!("a{long}")).len(), MAX_VALUE_BYTES - 1);
        assert_eq!(cut("short"), "short");
    }
}
