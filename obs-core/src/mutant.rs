//! Faults that `cargo xtask conformance --mutants` switches on, each by its name. A build without
//! `--cfg obs_mutants` has none of them.

/// Whether this fault is switched on, by `OBS_MUTANT`.
#[cfg(obs_mutants)]
#[must_use]
pub fn is(name: &str) -> bool {
    static MUTANT: std::sync::LazyLock<Option<String>> =
        std::sync::LazyLock::new(|| std::env::var("OBS_MUTANT").ok());
    MUTANT.as_deref() == Some(name)
}

/// There are none.
#[cfg(not(obs_mutants))]
#[inline(always)]
#[must_use]
pub const fn is(_: &str) -> bool {
    false
}
