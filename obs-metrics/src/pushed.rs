use crate::{Format, Metrics};

impl Metrics {
    /// The exposition for a push gateway, in [`Format::Text`].
    ///
    /// The gateway writes its own `job` and `instance` over those of the series, and refuses what then
    /// appears twice. So these labels are called `exported_job` and `exported_instance`, as they are
    /// when Prometheus scrapes them.
    #[must_use]
    pub fn render_pushed(&self) -> String {
        rename(&self.render(Format::Text))
    }
}

/// In a value a quotation mark has a backslash before it: what ends in a bare one is a label's name.
fn rename(text: &str) -> String {
    let mut renamed = String::with_capacity(text.len() + text.len() / 16);
    for line in text.split_inclusive('\n') {
        let of_gateway = ["job=\"", "instance=\""].iter().any(|label| line.contains(label));
        if line.starts_with('#') || !of_gateway {
            renamed.push_str(line);
            continue;
        }
        let mut line = line.to_owned();
        for label in ["job", "instance"] {
            for before in ['{', ','] {
                let (own, exported) =
                    (format!("{before}{label}=\""), format!("{before}exported_{label}=\""));
                line = line.replace(&own, &exported);
            }
        }
        renamed.push_str(&line);
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_two_labels_are_renamed() {
        for (own, pushed) in [
            ("a{job=\"x\"} 1\n", "a{exported_job=\"x\"} 1\n"),
            ("a{b=\"1\",job=\"x\",le=\"1\"} 1\n", "a{b=\"1\",exported_job=\"x\",le=\"1\"} 1\n"),
            (
                "a{instance=\"i\",job=\"x\"} 1\n",
                "a{exported_instance=\"i\",exported_job=\"x\"} 1\n",
            ),
            // Within a value, of another label, in a comment, not a label.
            ("a{b=\",job=\\\"x\\\"\"} 1\n", "a{b=\",job=\\\"x\\\"\"} 1\n"),
            ("a{cron_job=\"x\"} 1\n", "a{cron_job=\"x\"} 1\n"),
            ("# HELP a {job=\"x\"}\n", "# HELP a {job=\"x\"}\n"),
            ("job 1\n", "job 1\n"),
        ] {
            assert_eq!(rename(own), pushed);
        }
    }
}
