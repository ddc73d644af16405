use std::env;

use crate::config::{Reader, pairs};

/// Who is speaking: the identity that every signal carries.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceIdentity {
    /// `service.name`. Default: the name of the executable. Environment: `OTEL_SERVICE_NAME`, else
    /// `service.name` in `OTEL_RESOURCE_ATTRIBUTES`.
    pub name: String,
    /// `service.version`. Default empty. Environment: `service.version` in
    /// `OTEL_RESOURCE_ATTRIBUTES`, else `APP_VERSION`.
    pub version: String,
    /// The commit it was built from. Default empty. Environment: `GIT_SHA`.
    pub revision: String,
    /// `deployment.environment.name`. Default `development`. Environment:
    /// `deployment.environment.name` in `OTEL_RESOURCE_ATTRIBUTES`, else `OBS_ENVIRONMENT`.
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
    /// [OpenTelemetry specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
    #[must_use]
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let attributes = reader
            .parse("OTEL_RESOURCE_ATTRIBUTES", "key=value pairs, separated by commas", pairs)
            .unwrap_or_default();
        let attribute =
            |name| attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let default = Self::default();
        Self {
            name: reader
                .text("OTEL_SERVICE_NAME")
                .or_else(|| attribute("service.name"))
                .unwrap_or(default.name),
            version: attribute("service.version")
                .or_else(|| reader.text("APP_VERSION"))
                .unwrap_or(default.version),
            revision: reader.text("GIT_SHA").unwrap_or(default.revision),
            environment: attribute("deployment.environment.name")
                .or_else(|| reader.text("OBS_ENVIRONMENT"))
                .unwrap_or(default.environment),
            attributes: {
                let others = attributes.iter().filter(|(key, _)| !FIELDS.contains(&key.as_str()));
                others.take(MAX_ATTRIBUTES).cloned().collect()
            },
        }
    }
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
}
