//! How much arrived of what should have.

use std::fmt;

use super::super::text::grouped;

#[derive(Debug)]
pub(super) struct Total {
    pub(super) what: &'static str,
    pub(super) arrived: u64,
    pub(super) expected: u64,
    /// What is expected of.
    pub(super) of: &'static str,
    /// What the service says it lost, which is what may be missing.
    pub(super) lost: u64,
}

impl Total {
    pub(super) fn disagreement(&self) -> Option<String> {
        let fewest = self.expected.saturating_sub(self.lost);
        (!(fewest..=self.expected).contains(&self.arrived)).then(|| self.to_string())
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (arrived, expected) = (grouped(self.arrived), grouped(self.expected));
        write!(f, "  {:<16}  {arrived} of {expected} {}", self.what, self.of)?;
        if self.lost > 0 {
            write!(f, "; the service says that it lost {}", grouped(self.lost))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_may_be_missing_as_the_service_says_it_lost() {
        for (arrived, lost, agrees) in [
            (10, 0, true),
            (9, 0, false),
            (11, 0, false),
            (8, 2, true),
            (7, 2, false),
            (10, 2, true),
        ] {
            let total = Total { what: "spans", arrived, expected: 10, of: "requests", lost };
            assert_eq!(total.disagreement().is_none(), agrees, "{total}");
        }
    }
}
