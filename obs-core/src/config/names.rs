//! Names that are set although nothing reads them: misspelt, of a feature that is not built, or of a
//! part of a standard that is not supported.

use super::nearest::nearest;
use super::{Class, Fault, Reader, VARIABLES, Variable};

/// How many unknown names are reported; a service may have variables of its own that begin alike.
const MAX_UNKNOWN: usize = 20;

impl Reader<'_> {
    /// Warns of variables that are set and have no effect. To be called when everything else has
    /// been read.
    ///
    /// These are names that begin with `OBS_` and are not known, each with the known name that is
    /// most like it; known names that were not looked up, since their feature is not built; and
    /// names of standards whose part is not supported, unless the value asks for what happens
    /// anyway.
    pub fn check_names(&mut self) {
        let own = self.own();
        let unknown =
            own.iter().filter(|name| Variable::find(name).is_none() && !is_service_link(name, own));
        let unknown: Vec<_> = unknown.take(MAX_UNKNOWN).cloned().collect();
        for name in unknown {
            let known = VARIABLES.iter().map(|known| known.name);
            let near = nearest(&name, known.filter(|known| known.starts_with("OBS_")));
            self.note(Fault::unknown(&name, near), "");
        }
        for known in VARIABLES {
            match known.class {
                Class::Ignored { fits, why } => self.check_ignored(known.name, fits, why),
                Class::Tool => {}
                Class::Honoured | Class::Alias { .. } => self.check_unread(known.name),
            }
        }
    }

    fn check_ignored(&mut self, name: &str, fits: &[&str], why: &'static str) {
        if !self.has_warned(name)
            && let Some(value) = self.look_up(name)
            && !fits.iter().any(|fits| fits.eq_ignore_ascii_case(&value))
        {
            self.note(Fault::ignored(name, why), "");
        }
    }

    fn check_unread(&mut self, name: &str) {
        let read = self.has_asked(name) || name == "OBS_STRICT";
        if !read && self.look_up(name).is_some() {
            self.note(Fault::ignored(name, "its feature is not built into this program"), "");
        }
    }
}

/// Whether Kubernetes set it for a Service whose name begins with `obs`: `OBS_COLLECTOR_SERVICE_HOST`,
/// and beside it names such as `OBS_COLLECTOR_SERVICE_PORT` and `OBS_COLLECTOR_PORT_4317_TCP`
/// ([environment variables of Services](https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables)).
fn is_service_link(name: &str, own: &[String]) -> bool {
    let services = own.iter().filter_map(|name| name.strip_suffix("_SERVICE_HOST"));
    services.into_iter().any(|service| {
        let rest = name.strip_prefix(service);
        rest.is_some_and(|rest| {
            rest == "_PORT" || rest.starts_with("_PORT_") || rest.starts_with("_SERVICE_")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(variables: &[(&str, &str)]) -> Vec<String> {
        let mut reader = Reader::from_map(variables.iter().copied());
        reader.text("OBS_ON_PANIC");
        reader.check_names();
        let warnings = reader.outcome().unwrap();
        warnings.faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn unknown_names_have_the_nearest_known_one() {
        assert_eq!(
            warnings(&[("OBS_METRICS_PRESETT", "apex"), ("OBS_ACCES_LOG", "x"), ("OBS_A_B_C", "")]),
            [
                "OBS_ACCES_LOG: unknown variable, did you mean OBS_ACCESS_LOG?",
                "OBS_A_B_C: unknown variable",
                "OBS_METRICS_PRESETT: unknown variable, did you mean OBS_METRICS_PRESET?",
            ]
        );
        assert_eq!(warnings(&[("OBS_ON_PANIC", "answer"), ("OTHER_OBS_X", "1")]), [""; 0]);
    }

    #[test]
    fn unknown_names_are_bounded_and_fatal_if_asked() {
        let many: Vec<_> = (0..1000).map(|number| (format!("OBS_X{number}"), "1")).collect();
        let mut reader = Reader::from_map(many.clone());
        reader.check_names();
        assert_eq!(reader.outcome().unwrap().faults.len(), MAX_UNKNOWN);
        let mut reader =
            Reader::from_map(many.into_iter().chain([("OBS_STRICT".to_owned(), "true")]));
        reader.check_names();
        assert_eq!(reader.outcome().unwrap_err().faults.len(), MAX_UNKNOWN);
    }

    #[test]
    fn known_names_without_an_effect_are_reported_once() {
        let said = warnings(&[("OBS_ACCESS_LOG", "true"), ("OTEL_LOGS_EXPORTER", "otlp")]);
        assert_eq!(said.len(), 2, "{said:?}");
        assert_eq!(
            said[0],
            "OBS_ACCESS_LOG is ignored: its feature is not built into this program"
        );
        assert!(said[1].starts_with("OTEL_LOGS_EXPORTER is ignored: "), "{said:?}");
        assert_eq!(warnings(&[("OTEL_LOGS_EXPORTER", "none")]), [""; 0]);
        assert!(warnings(&[("HTTPS_PROXY", "http://proxy")])[0].starts_with("HTTPS_PROXY is"));
    }

    #[test]
    fn links_of_kubernetes_to_services_are_no_mistakes() {
        let links = [
            ("OBS_COLLECTOR_SERVICE_HOST", "10.0.0.1"),
            ("OBS_COLLECTOR_SERVICE_PORT_OTLP", "4317"),
            ("OBS_COLLECTOR_PORT", "tcp://10.0.0.1:4317"),
            ("OBS_COLLECTOR_PORT_4317_TCP_ADDR", "10.0.0.1"),
        ];
        assert_eq!(warnings(&links), Vec::<String>::new());
        assert_eq!(warnings(&[("OBS_COLLECTOR_PORT", "4317")]).len(), 1, "without a service");
    }
}
