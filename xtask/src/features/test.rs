//! Whether it works: `obs-axum/tests/features` in real processes over real HTTP.

use std::process::Stdio;

use anyhow::{Context as _, Result};

/// How many tests there should be, and how many passed. None if they do not compile.
pub(super) struct Tests {
    least: usize,
    pub(super) passed: usize,
    pub(super) failed: usize,
}

impl Tests {
    pub(super) fn passed(&self) -> bool {
        self.failed == 0 && self.passed >= self.least
    }
}

pub(super) fn run(features: &[String]) -> Result<Tests> {
    let output = super::cargo("test", features)
        .args(["--test", "features"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    let text = String::from_utf8_lossy(&output.stdout);
    // One for each feature, and one for what is left out.
    let mut tests = Tests { least: features.len() + 1, passed: 0, failed: 0 };
    (tests.passed, tests.failed) = counts(&text).unwrap_or_default();
    if !output.status.success() {
        eprintln!("{text}");
        tests.failed = tests.failed.max(1);
    }
    Ok(tests)
}

/// Of `test result: ok. 2 passed; 0 failed; ...`.
fn counts(text: &str) -> Option<(usize, usize)> {
    let result = text.lines().find_map(|line| line.strip_prefix("test result: "))?;
    let count = |what| {
        let mut words = result.split([' ', ';']).filter(|word| !word.is_empty());
        let mut last = words.next()?;
        for word in words {
            if word == what {
                return last.parse().ok();
            }
            last = word;
        }
        None
    };
    Some((count("passed")?, count("failed")?))
}

#[cfg(test)]
mod tests {
    use super::{Tests, counts};

    #[test]
    fn the_result_of_libtest_is_understood() {
        let text = "running 3 tests\ntest a ... ok\n\n\
                    test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured\n";
        assert_eq!(counts(text), Some((2, 1)));
        assert_eq!(counts("error: could not compile"), None);
    }

    #[test]
    fn a_feature_without_a_test_of_its_own_fails() {
        let tests = |passed, failed| Tests { least: 2, passed, failed }.passed();
        assert!(tests(2, 0) && tests(3, 0));
        assert!(!tests(1, 0) && !tests(2, 1));
    }
}
