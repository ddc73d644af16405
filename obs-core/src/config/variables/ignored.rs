//! Known variables that have no effect on a service.

use super::{Class, Variable};

/// A line for each: its name, the values that need no warning, why it is ignored.
macro_rules! variables {
    ($($name:literal [$($fits:literal)*] $why:literal)*) => {
        &[$(Variable {
            name: $name,
            class: Class::Ignored { fits: &[$($fits),*], why: $why },
            feature: "core",
            default: "",
            expected: "",
            doc: $why,
        }),*,
        tool("OBS_TOOLS_DIR", "Where the tools of tests are kept."),
        tool("OBS_MUTANT", "Which fault the conformance suite puts in.")]
    };
}

pub(super) const IGNORED: &[Variable] = variables! {
    "HTTPS_PROXY" [] "exports do not go through a proxy"
    "https_proxy" [] "exports do not go through a proxy"
    "HTTP_PROXY" [] "exports do not go through a proxy"
    "http_proxy" [] "exports do not go through a proxy"
    "ALL_PROXY" [] "exports do not go through a proxy"
    "all_proxy" [] "exports do not go through a proxy"
    "OTEL_LOG_LEVEL" ["info"] "our own lines follow RUST_LOG, under the target obs"
    "OTEL_CONFIG_FILE" [] "configuration files are not read"
    "OTEL_EXPERIMENTAL_CONFIG_FILE" [] "configuration files are not read"
    "OTEL_ENTITIES" [] "entities are not supported; use OTEL_RESOURCE_ATTRIBUTES"
    "OTEL_LOGS_EXPORTER" ["none"] "log lines are written to standard output, not exported"
    "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT" [] "log lines are written to standard output, not exported"
    "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL" [] "log lines are written to standard output, not exported"
    "OTEL_EXPORTER_OTLP_LOGS_HEADERS" [] "log lines are written to standard output, not exported"
    "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT" [] "log lines are written to standard output, not exported"
    "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION" [] "log lines are written to standard output, not exported"
    "OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE" [] "log lines are written to standard output, not exported"
    "OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY" [] "log lines are written to standard output, not exported"
    "OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE" [] "log lines are written to standard output, not exported"
    "OTEL_EXPORTER_OTLP_LOGS_INSECURE" [] "log lines are written to standard output, not exported"
    "OTEL_EXPORTER_OTLP_INSECURE" [] "the endpoint says http or https"
    "OTEL_EXPORTER_OTLP_TRACES_INSECURE" [] "the endpoint says http or https"
    "OTEL_EXPORTER_OTLP_METRICS_INSECURE" [] "the endpoint says http or https"
    "OTEL_EXPORTER_OTLP_SPAN_INSECURE" [] "the endpoint says http or https"
    "OTEL_EXPORTER_OTLP_METRIC_INSECURE" [] "the endpoint says http or https"
    "OTEL_EXPORTER_OTLP_CLIENT_KEY" [] "client certificates are not supported"
    "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE" [] "client certificates are not supported"
    "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY" [] "client certificates are not supported"
    "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE" [] "client certificates are not supported"
    "OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY" [] "client certificates are not supported"
    "OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE" [] "client certificates are not supported"
    "OTEL_EXPORTER_ZIPKIN_ENDPOINT" [] "Zipkin is not supported; use OTEL_EXPORTER_OTLP_ENDPOINT"
    "OTEL_EXPORTER_ZIPKIN_TIMEOUT" [] "Zipkin is not supported; use OTEL_EXPORTER_OTLP_TIMEOUT"
    "OTEL_EXPORTER_PROMETHEUS_HOST" [] "metrics are at the service's own address, under /metrics"
    "OTEL_EXPORTER_PROMETHEUS_PORT" [] "metrics are at the service's own address, under /metrics"
    "OTEL_METRICS_EXEMPLAR_FILTER" ["trace_based"] "exemplars are taken from sampled traces"
    "OTEL_BSP_EXPORT_TIMEOUT" [] "use OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"
    "OTEL_BSP_MAX_QUEUE_SIZE" [] "the queue is bounded in bytes; use OBS_EXPORT_QUEUE_BYTES"
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE" [] "batches are bounded in bytes"
    "OTEL_BLRP_SCHEDULE_DELAY" [] "log lines are written to standard output, not exported"
    "OTEL_BLRP_EXPORT_TIMEOUT" [] "log lines are written to standard output, not exported"
    "OTEL_BLRP_MAX_QUEUE_SIZE" [] "log lines are written to standard output, not exported"
    "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE" [] "log lines are written to standard output, not exported"
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT" [] "attributes have fixed bounds"
    "OTEL_ATTRIBUTE_COUNT_LIMIT" [] "attributes have fixed bounds"
    "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT" [] "attributes have fixed bounds"
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT" [] "attributes have fixed bounds"
    "OTEL_SPAN_EVENT_COUNT_LIMIT" [] "spans have no events"
    "OTEL_SPAN_LINK_COUNT_LIMIT" [] "spans have no links"
    "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT" [] "spans have no events"
    "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT" [] "spans have no links"
    "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT" [] "log lines have fixed bounds"
    "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT" [] "log lines have fixed bounds"
    "SENTRY_TRACES_SAMPLE_RATE" [] "spans go to the collector, not to the project of errors; use OTEL_TRACES_SAMPLER=parentbased_traceidratio with OTEL_TRACES_SAMPLER_ARG"
    "SENTRY_DEBUG" ["false" "0"] "our own lines follow RUST_LOG, under the target obs"
    "SENTRY_PROFILES_SAMPLE_RATE" ["0" "0.0"] "profiles are not taken"
    "DD_API_KEY" [] "no vendor's agent is built in; send by OTLP, with OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS"
    "DD_SITE" [] "no vendor's agent is built in; send by OTLP, with OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS"
    "NEW_RELIC_LICENSE_KEY" [] "no vendor's agent is built in; send by OTLP, with OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS"
};

const fn tool(name: &'static str, doc: &'static str) -> Variable {
    Variable { name, class: Class::Tool, feature: "core", default: "", expected: "any text", doc }
}
