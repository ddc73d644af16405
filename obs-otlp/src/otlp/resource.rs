use std::time::{SystemTime, UNIX_EPOCH};

use obs_core::{RequestId, ServiceIdentity};
use opentelemetry_proto::tonic::resource::v1::Resource;

use super::convert::text;

/// Who sends, by the
/// [semantic conventions](https://opentelemetry.io/docs/specs/semconv/resource/): one instance id per
/// exporter. The SDK named is ours, since no other is involved.
pub(super) fn resource(service: &ServiceIdentity) -> Resource {
    let instance =
        RequestId::generate(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default());
    let attributes = [
        ("service.name", service.name.as_str()),
        ("service.version", &service.version),
        ("service.instance.id", &instance.to_string()),
        ("deployment.environment.name", &service.environment),
        ("telemetry.sdk.name", "obs"),
        ("telemetry.sdk.language", "rust"),
        ("telemetry.sdk.version", env!("CARGO_PKG_VERSION")),
    ];
    let set = attributes.into_iter().filter(|(_, value)| !value.is_empty());
    Resource {
        attributes: set.map(|(key, value)| text(key, value)).collect(),
        ..Resource::default()
    }
}
