use std::time::{SystemTime, UNIX_EPOCH};

use obs_core::{RequestId, ServiceIdentity};
use opentelemetry_proto::tonic::resource::v1::Resource;

use super::attributes::text;

/// Who sends, by the
/// [semantic conventions](https://opentelemetry.io/docs/specs/semconv/resource/): one instance id per
/// exporter. The SDK named is ours, since no other is involved.
pub(crate) fn resource(service: &ServiceIdentity) -> Resource {
    let instance =
        RequestId::generate(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default());
    let own = [
        ("service.name", service.name.as_str()),
        ("service.version", &service.version),
        ("service.instance.id", &instance.to_string()),
        ("deployment.environment.name", &service.environment),
        ("vcs.ref.head.revision", &service.revision),
        ("telemetry.sdk.name", "obs"),
        ("telemetry.sdk.language", "rust"),
        ("telemetry.sdk.version", env!("CARGO_PKG_VERSION")),
    ];
    let given = service.attributes.iter().enumerate().filter_map(|(at, (key, value))| {
        // Of what code gives twice the last one counts: a resource has each key once.
        let later = &service.attributes[at + 1..];
        later.iter().all(|(other, _)| other != key).then_some((key.as_str(), value.as_str()))
    });
    // What is given wins, such as an instance id.
    let own = own.into_iter().filter(|(own, _)| given.clone().all(|(key, _)| key != *own));
    let set = own.chain(given.clone()).filter(|(_, value)| !value.is_empty());
    Resource {
        attributes: set.map(|(key, value)| text(key, value)).collect(),
        ..Resource::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_once_and_what_is_given_wins() {
        let mut service = ServiceIdentity::default();
        for (key, value) in [("team", "a"), ("service.version", "9"), ("team", "b")] {
            service.attributes.push((key.to_owned(), value.to_owned()));
        }
        service.version = "1".to_owned();
        let attributes = resource(&service).attributes;
        for (key, value) in [("team", "b"), ("service.version", "9")] {
            let found: Vec<_> = attributes.iter().filter(|found| found.key == key).collect();
            assert_eq!(found, [&text(key, value)]);
        }
    }
}
