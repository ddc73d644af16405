use std::fmt;

/// A setting that does not work, and what to do about it.
#[derive(Debug)]
pub struct Fault {
    variable: &'static str,
    value: String,
    problem: String,
    fix: String,
}

impl Fault {
    /// A fault of `variable`. A password in `value` is masked.
    pub fn new(
        variable: &'static str,
        value: &str,
        problem: impl ToString,
        fix: impl Into<String>,
    ) -> Self {
        Self { variable, value: masked(value), problem: problem.to_string(), fix: fix.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { variable, value, problem, fix } = self;
        write!(f, "{variable}={value}\n  problem: {problem}\n  fix: {fix}")
    }
}

impl std::error::Error for Fault {}

/// Everything that is wrong, at once.
#[derive(Debug)]
pub struct Faults(pub(super) Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Faults {}

/// Masks rather too much than too little: the value may be anything, not only a URL.
pub(super) fn masked(value: &str) -> String {
    let (scheme, rest) = match value.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), value),
    };
    let rest = match rest.rsplit_once('@') {
        Some((login, rest)) => match login.split_once(':') {
            Some((user, _)) => format!("{user}:***@{rest}"),
            None => format!("{login}@{rest}"),
        },
        None => rest.to_owned(),
    };
    match rest.to_ascii_lowercase().find("password=") {
        Some(start) => format!("{scheme}{}password=***", &rest[..start]),
        None => format!("{scheme}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn passwords_are_masked() {
        for (value, shown) in [
            ("postgres://me:pw@db:5432/o", "postgres://me:***@db:5432/o"),
            ("postgres://me:p@w/x@db/o", "postgres://me:***@db/o"),
            ("postgres://db/o?user=me&Password=pw&x=1", "postgres://db/o?user=me&password=***"),
            ("me:pw@db", "me:***@db"),
            ("host=db password=pw", "host=db password=***"),
            ("postgres://me@db/o", "postgres://me@db/o"),
            ("sqlite://orders.db?mode=rwc", "sqlite://orders.db?mode=rwc"),
        ] {
            assert_eq!(masked(value), shown);
        }
    }
}
