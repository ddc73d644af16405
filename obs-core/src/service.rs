use std::env;

use crate::config::{Reader, pairs};

/// Who is speaking: the identity that every signal carries.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceIdentity {
    /// `service.name`. Default: the name of the executable. Environment: `OTEL_SERVICE_NAME`, else
    /// `service.name` in `OTEL_RESOURCE_ATTRIBUTES`, else `DD_SERVICE`.
    pub name: String,
    /// `service.version`. Default empty. Environment: `service.version` in
    /// `OTEL_RESOURCE_ATTRIBUTES`, else `APP_VERSION`, else `DD_VERSION`.
    pub version: String,
    /// The commit it was built from. Default empty. Environment: `GIT_SHA`.
    pub revision: String,
    /// `deployment.environment.name`. Default `development`. Environment:
    /// `deployment.environment.name` in `OTEL_RESOURCE_ATTRIBUTES`, else the older
    /// `deployment.environment` there, else `OBS_ENVIRONMENT`, `SENTRY_ENVIRONMENT`, `DD_ENV`,
    /// `APP_ENV`, `ENVIRONMENT`, `ENV`, `DJANGO_ENV`, `NODE_ENV`, the first one that is set. Of all
    /// after `OBS_ENVIRONMENT` only a name of at most 64 bytes without slashes is taken.
    pub environment: String,
    /// What else spans say of where they come from, such as `k8s.pod.name`, `service.namespace` or a
    /// `service.instance.id`. At most 64. Environment: the rest of `OTEL_RESOURCE_ATTRIBUTES`.
    pub attributes: Vec<(String, String)>,
}

/// The attributes that are a field of their own.
const FIELDS: [&str; 3] = ["service.name", "service.version", "deployment.environment.name"];
const MAX_ATTRIBUTES: usize = 64;

impl Default for ServiceIdentity {
    fn default() -> Self {
        let executable = env::current_exe().ok();
        let name = executable.as_deref().and_then(|path| path.file_stem()?.to_str());
        Self {
            name: name.unwrap_or("unknown_service").to_owned(),
            version: String::new(),
            revision: String::new(),
            environment: "development".to_owned(),
            attributes: Vec::new(),
        }
    }
}

impl ServiceIdentity {
    /// Reads the standard variables of the
    /// [OpenTelemetry specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)
    /// and the aliases that [`VARIABLES`](crate::config::VARIABLES) has.
    #[must_use]
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let mut attributes = attributes(reader);
        let attribute =
            |name| attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let (name, version) = (attribute("service.name"), attribute("service.version"));
        let environment = attribute("deployment.environment.name")
            // Its name before version 1.27 of the semantic conventions.
            .or_else(|| attribute("deployment.environment"));
        attributes.retain(|(key, _)| !FIELDS.contains(&key.as_str()));
        let default = Self::default();
        // All are looked up in any case: what is set and wrong is reported, whichever wins.
        let mut text = |variable| reader.text(variable);
        let names = [text("OTEL_SERVICE_NAME"), name, text("DD_SERVICE")];
        let versions = [version, text("APP_VERSION"), text("DD_VERSION")];
        let revision = text("GIT_SHA");
        let own = text("OBS_ENVIRONMENT");
        let aliases = ENVIRONMENTS.map(|variable| text(variable).filter(|text| is_name(text)));
        let environments = [environment, own].into_iter().chain(aliases);
        let first = |texts: [Option<String>; 3]| texts.into_iter().flatten().next();
        Self {
            name: first(names).unwrap_or(default.name),
            version: first(versions).unwrap_or(default.version),
            revision: revision.unwrap_or(default.revision),
            environment: environments.flatten().next().unwrap_or(default.environment),
            attributes,
        }
    }
}

/// What names the environment under another name, the first one first.
const ENVIRONMENTS: [&str; 7] =
    ["SENTRY_ENVIRONMENT", "DD_ENV", "APP_ENV", "ENVIRONMENT", "ENV", "DJANGO_ENV", "NODE_ENV"];

/// A path is none: for a shell, `ENV` is its start-up file.
fn is_name(text: &str) -> bool {
    text.len() <= 64 && !text.contains(|letter: char| "/\\".contains(letter) || letter.is_control())
}

/// Discarded as a whole if they cannot be read, as the specification has it.
fn attributes(reader: &mut Reader<'_>) -> Vec<(String, String)> {
    const VARIABLE: &str = "OTEL_RESOURCE_ATTRIBUTES";
    let expected = "name=value pairs, separated by commas, values percent-encoded";
    let mut attributes = reader.parse(VARIABLE, expected, pairs).unwrap_or_default();
    if let Some((name, _)) = attributes.get(MAX_ATTRIBUTES) {
        let expected =
            format!("at most {MAX_ATTRIBUTES} attributes; from this one on they are left out");
        let value = format!("{} attributes", attributes.len());
        reader.part_fault(VARIABLE, &value, name, &expected);
        attributes.truncate(MAX_ATTRIBUTES);
    }
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_name_variable_wins_over_the_attributes() {
        let mut reader = Reader::from_lookup(|name| {
            let value = match name {
                "OTEL_SERVICE_NAME" => "orders",
                "OTEL_RESOURCE_ATTRIBUTES" => {
                    "service.name=other, service.version=1.2%2C3,deployment.environment.name=prod,k8s.pod.name=a-1"
                }
                _ => return None,
            };
            Some(value.to_owned())
        });
        let identity = ServiceIdentity::read(&mut reader);
        assert_eq!((identity.name.as_str(), identity.version.as_str()), ("orders", "1.2,3"));
        assert_eq!(identity.environment, "prod");
        assert_eq!(identity.attributes, [("k8s.pod.name".to_owned(), "a-1".to_owned())]);
        assert!(reader.finish().is_ok());
    }

    fn read(variables: &[(&str, &str)]) -> (ServiceIdentity, Vec<String>) {
        let mut reader = Reader::from_map(variables.iter().copied());
        let identity = ServiceIdentity::read(&mut reader);
        let warnings = reader.outcome().unwrap().faults;
        (identity, warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn an_empty_name_inside_the_list_is_unset() {
        let (identity, warnings) = read(&[("OTEL_RESOURCE_ATTRIBUTES", "service.name=,team=")]);
        assert_eq!(identity, ServiceIdentity::default());
        assert_eq!(warnings, [""; 0]);
    }

    #[test]
    fn attributes_that_cannot_be_read_are_discarded_with_a_warning() {
        for text in ["service.name=a,b", "service.name=a,b=%zz", "=x,service.name=a"] {
            let (identity, warnings) = read(&[("OTEL_RESOURCE_ATTRIBUTES", text)]);
            assert_eq!(identity, ServiceIdentity::default(), "{text}");
            assert_eq!(warnings.len(), 1, "{warnings:?}");
            assert!(warnings[0].starts_with("OTEL_RESOURCE_ATTRIBUTES="), "{warnings:?}");
        }
        let many: Vec<_> = (0..70).map(|number| format!("a{number}=x")).collect();
        let (identity, warnings) = read(&[("OTEL_RESOURCE_ATTRIBUTES", &many.join(","))]);
        assert_eq!(identity.attributes.len(), MAX_ATTRIBUTES);
        assert!(warnings[0].contains("the part \"a64\": expected at most 64"), "{warnings:?}");
    }

    #[test]
    fn the_environment_is_taken_from_the_first_name_that_is_set() {
        let older = ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=older");
        let both = "deployment.environment=older,deployment.environment.name=newer";
        let mut variables = vec![("OTEL_RESOURCE_ATTRIBUTES", both), older];
        variables.push(("OBS_ENVIRONMENT", "OBS_ENVIRONMENT"));
        variables.extend(ENVIRONMENTS.map(|name| (name, name)));
        let mut expected = vec!["newer", "older", "OBS_ENVIRONMENT"];
        expected.extend(ENVIRONMENTS);
        for (first, expected) in expected.into_iter().enumerate() {
            // The first one of a name wins in this list.
            let set: Vec<_> = variables[first..].iter().rev().copied().collect();
            assert_eq!(read(&set).0.environment, expected);
        }
        // Collectors that know the older name find it as well.
        let attributes = read(&[older]).0.attributes;
        assert_eq!(attributes, [("deployment.environment".to_owned(), "older".to_owned())]);
        let (identity, warnings) = read(&[("ENV", "/etc/profile"), ("NODE_ENV", "production")]);
        assert_eq!((identity.environment.as_str(), warnings.len()), ("production", 0));
    }

    #[test]
    fn name_and_version_have_aliases() {
        let set = [("DD_SERVICE", "a"), ("DD_VERSION", "1"), ("APP_VERSION", "")];
        let identity = read(&set).0;
        assert_eq!((identity.name.as_str(), identity.version.as_str()), ("a", "1"));
    }
}
