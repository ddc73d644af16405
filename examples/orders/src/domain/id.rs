use jiff::Timestamp;

/// Now, as exactly as the database keeps it: in milliseconds.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// A new id: later ids sort after earlier ones, and two services need not ask each other.
pub fn new_id(now: Timestamp) -> String {
    format!("{:012x}{:016x}", now.as_millisecond(), fastrand::u64(..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_differ_within_a_millisecond() {
        let now = Timestamp::now();
        let later = Timestamp::from_millisecond(now.as_millisecond() + 1).unwrap();
        assert!(new_id(now) < new_id(later));
        assert_ne!(new_id(now), new_id(now));
    }
}
