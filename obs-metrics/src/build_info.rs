use obs_core::ServiceIdentity;
use obs_core::source::{Collector, Family, Kind, Source, Value};

/// `build_info`: which build of the service this is.
pub(crate) struct BuildInfo(pub(crate) ServiceIdentity);

impl Source for BuildInfo {
    fn collect(&self, out: &mut dyn Collector) {
        let ServiceIdentity { version, revision, environment, .. } = &self.0;
        out.family(&Family::new(
            "build_info",
            Kind::Gauge,
            "The build that is running, in its labels; always 1.",
        ));
        out.sample(
            &[("version", version), ("revision", revision), ("environment", environment)],
            Value::Integer(1),
        );
    }
}
