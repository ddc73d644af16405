//! `docs/reference/environment.md` is made from the table of variables. After a change of the table,
//! `UPDATE_REFERENCE=1 cargo test -p obs-stack --test reference` writes it.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use obs_core::config::{Class, VARIABLES, Variable};

const HEAD: &str = "\
# Environment

<!-- Made from the table in obs-core/src/config/variables; the test `reference` of obs-stack writes it. -->

Code wins over the environment, which wins over the defaults. An empty variable counts as not set, also inside a
list. Words are read in upper and lower case.

A value that cannot be used:

- of a variable that begins with `OBS_` it is **refused**: the service does not start, and one error names every such
  variable, its value (never a secret) and what is expected;
- of every other variable it is **warned of**: the default is used, as the variable's owner specifies, and the log says so
  once, at the start. Where the destination of a signal cannot be used, that signal is off; the log says `off: invalid`.

`OBS_STRICT=true` refuses all of it, and unknown names that begin with `OBS_` too. Without it these are warnings, with
the known name that is most like them. A variable of a feature that is not built is a warning in any case.

The environment of the service (`production`, `staging`) is the first of these that is set: `deployment.environment.name`
in `OTEL_RESOURCE_ATTRIBUTES`, `deployment.environment` there (its older name), `OBS_ENVIRONMENT`,
`SENTRY_ENVIRONMENT`, `DD_ENV`, `APP_ENV`, `ENVIRONMENT`, `ENV`, `DJANGO_ENV`, `NODE_ENV`. Of all after
`OBS_ENVIRONMENT` only a name of at most 64 bytes without slashes is taken.
";

fn reference() -> String {
    let mut text = HEAD.to_owned();
    let features = ["core", "metrics", "logging", "tracing", "export", "errors", "health", "admin"];
    for feature in features {
        let title = match feature {
            "core" => "Always there".to_owned(),
            feature => format!("Feature `{feature}`"),
        };
        write!(
            text,
            "\n## {title}\n\n| variable | default | expected | if it cannot be used | meaning |\n\
             |---|---|---|---|---|\n"
        )
        .unwrap();
        let rows = VARIABLES.iter().filter(|known| known.feature == feature);
        text.extend(rows.filter_map(row));
    }
    text.push_str(
        "\n## Ignored, with a warning\n\n| variable | without a warning | why |\n|---|---|---|\n",
    );
    for Variable { name, class, .. } in VARIABLES {
        let Class::Ignored { fits, why } = class else { continue };
        let fits: Vec<_> = fits.iter().map(|fits| format!("`{fits}`")).collect();
        writeln!(text, "| `{name}` | {} | {why} |", fits.join(", ")).unwrap();
    }
    text
}

fn row(known: &Variable) -> Option<String> {
    let Variable { name, default, expected, doc, .. } = known;
    let bad = if known.is_lenient() { "warned of" } else { "refused" };
    let doc = match known.class {
        Class::Honoured => (*doc).to_owned(),
        Class::Alias { of } => format!("Alias of `{of}`. {doc}"),
        _ => return None,
    };
    Some(format!("| `{name}` | {default} | {expected} | {bad} | {doc} |\n"))
}

#[test]
fn the_reference_is_that_of_the_table() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/environment.md");
    if env::var_os("UPDATE_REFERENCE").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, reference()).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == reference(),
        "docs/reference/environment.md is out of date: \
         UPDATE_REFERENCE=1 cargo test -p obs-stack --test reference"
    );
    assert!(VARIABLES.iter().all(
        |known| committed.contains(&format!("`{}`", known.name)) || known.class == Class::Tool
    ));
}
