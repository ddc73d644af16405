//! Every variable, as data: the reference in `docs/reference/environment.md`, the warnings about
//! names and the tests are made from it. A new variable is one line here.

mod honoured;
mod ignored;

/// What is done with a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// It is read.
    Honoured,
    /// It is read where another one is not set.
    Alias {
        /// The variable that wins.
        of: &'static str,
    },
    /// It is not read. If it is set, a warning says so.
    Ignored {
        /// Values that ask for what happens anyway; they need no warning.
        fits: &'static [&'static str],
        /// Why, and what to use instead.
        why: &'static str,
    },
    /// It belongs to the tools of this workspace, not to a service.
    Tool,
}

/// A variable of the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What is done with it.
    pub class: Class,
    /// The feature of obs-stack and of the adapters that reads it; `core` is always there.
    pub feature: &'static str,
    /// The value in force without it, in Markdown.
    pub default: &'static str,
    /// What it may hold, in Markdown.
    pub expected: &'static str,
    /// What it is for, in one sentence.
    pub doc: &'static str,
}

/// Every known variable, those that belong together beside each other.
pub static VARIABLES: &[Variable] = {
    static ALL: [Variable; honoured::HONOURED.len() + ignored::IGNORED.len()] = {
        let mut all = [ignored::IGNORED[0]; honoured::HONOURED.len() + ignored::IGNORED.len()];
        let (honoured, ignored) = all.split_at_mut(honoured::HONOURED.len());
        honoured.copy_from_slice(honoured::HONOURED);
        ignored.copy_from_slice(ignored::IGNORED);
        all
    };
    &ALL
};

impl Variable {
    /// The variable of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        VARIABLES.iter().find(|known| known.name == name)
    }

    /// Whether a value that cannot be used is a warning instead of a fault: the variable was not
    /// defined by us.
    #[must_use]
    pub fn is_lenient(&self) -> bool {
        !self.name.starts_with("OBS_")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_sound() {
        let names: BTreeSet<_> = VARIABLES.iter().map(|known| known.name).collect();
        assert_eq!(names.len(), VARIABLES.len(), "each name once");
        for known in VARIABLES {
            let Variable { name, class, doc, expected, .. } = known;
            if let Class::Alias { of } = class {
                let of = Variable::find(of).map(|target| target.class);
                assert_eq!(of, Some(Class::Honoured), "{name}");
            }
            let ignored = matches!(class, Class::Ignored { .. });
            assert!(ignored || doc.ends_with('.') && !expected.is_empty(), "{name}");
        }
    }
}
