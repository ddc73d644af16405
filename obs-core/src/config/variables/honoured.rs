//! The variables that are read.

use super::{Class, Variable};

/// A line for each: its name, or `ALIAS => NAME`, the feature that reads it, the default, what it may
/// hold, what it is for.
macro_rules! variables {
    ($($name:literal $(=> $of:literal)? $feature:ident $default:literal | $expected:literal | $doc:literal)*) => {
        &[$(Variable {
            name: $name,
            class: variables!(@class $($of)?),
            feature: stringify!($feature),
            default: $default,
            expected: $expected,
            doc: $doc,
        }),*]
    };
    (@class) => { Class::Honoured };
    (@class $of:literal) => { Class::Alias { of: $of } };
}

pub(super) const HONOURED: &[Variable] = variables! {
    "OBS_STRICT" core "`false`" | "`true`, `false`" | "Whether everything that is wrong with a variable of others, and every unknown name that begins with `OBS_`, stops the start."
    "OTEL_SERVICE_NAME" core "name of the executable" | "any text" | "The name of the service; without it `service.name` of `OTEL_RESOURCE_ATTRIBUTES`."
    "DD_SERVICE" => "OTEL_SERVICE_NAME" core "" | "any text" | "Read if the standard says nothing."
    "OTEL_RESOURCE_ATTRIBUTES" core "" | "`name=value` pairs, separated by commas, values percent-encoded" | "`service.name`, `service.version` and `deployment.environment.name` (older: `deployment.environment`) are used everywhere, all others, up to 64, in spans and exported metrics."
    "APP_VERSION" core "" | "any text" | "The version of the service; without `service.version` of `OTEL_RESOURCE_ATTRIBUTES`."
    "DD_VERSION" => "APP_VERSION" core "" | "any text" | "Read if `APP_VERSION` is not set."
    "GIT_SHA" core "" | "any text" | "The commit it was built from."
    "OBS_ENVIRONMENT" core "`development`" | "any text" | "The environment, such as `production`; without `deployment.environment.name` or `deployment.environment` of `OTEL_RESOURCE_ATTRIBUTES`."
    "DD_ENV" => "OBS_ENVIRONMENT" core "" | "a name of at most 64 bytes without slashes" | "Read after `SENTRY_ENVIRONMENT`."
    "APP_ENV" => "OBS_ENVIRONMENT" core "" | "a name of at most 64 bytes without slashes" | "Read after `DD_ENV`."
    "ENVIRONMENT" => "OBS_ENVIRONMENT" core "" | "a name of at most 64 bytes without slashes" | "Read after `APP_ENV`."
    "ENV" => "OBS_ENVIRONMENT" core "" | "a name of at most 64 bytes without slashes" | "Read after `ENVIRONMENT`. A path is the start-up file of a shell and is not read."
    "DJANGO_ENV" => "OBS_ENVIRONMENT" core "" | "a name of at most 64 bytes without slashes" | "Read after `ENV`."
    "NODE_ENV" => "OBS_ENVIRONMENT" core "" | "a name of at most 64 bytes without slashes" | "Read last."
    "OBS_REQUEST_ID_HEADER" core "`x-request-id`" | "a header name" | "The header that carries the request id."
    "OBS_REQUEST_ID_ACCEPT" core "`true`" | "`true`, `false`" | "Whether a client's id is taken over."
    "OBS_REQUEST_ID" core "`auto`: the trace id if the trace starts here, else an id of its own" | "`auto`, `trace`" | "The id of a request whose client sent none."
    "OBS_REQUEST_ID_ON_REQUEST" core "`false`" | "`true`, `false`" | "Whether inner services see the id in the request's headers."
    "OBS_REQUEST_ID_ECHO" core "`true`" | "`true`, `false`" | "Whether responses carry the id."
    "OBS_TRACE_ID_ECHO" core "`off`" | "`off`, `server-timing`, `traceresponse`, `both`; `true` is `traceresponse`, `false` is `off`" | "How responses say where the request stood in its trace."
    "OBS_ON_PANIC" core "`answer`" | "`answer`, `resume`" | "What a client gets when a handler panics: a response, or a closed connection."
    "OBS_ENDPOINTS_PREFIX" core "empty" | "a path such as `/internal`" | "What stands before the path of every endpoint."
    "OBS_SHUTDOWN_DELAY_MS" core "3000" | "0 to 600000" | "How long requests are still accepted after SIGTERM, in milliseconds."
    "OBS_SHUTDOWN_TIMEOUT_MS" core "25000" | "1 to 600000" | "The deadline of the whole shutdown, in milliseconds."
    "OBS_ADMIN_ADDR" admin "none: every endpoint is on the application's port" | "an IP address and a port, such as `127.0.0.1:9464`" | "The port of its own for metrics and health."
    "OBS_ADMIN_TOKEN_FILE" admin "none" | "the path of a file with a token" | "The token that requests to that port must have."
    "OBS_ADMIN_PUBLIC" admin "`false`" | "`true`, `false`" | "Whether that port may be public without a token."
    "OBS_METRICS_BUCKETS" metrics "of the preset, else 16 bounds, 0.0005 to 10" | "ascending seconds" | "The bounds of latency histograms."
    "OBS_METRICS_PRESET" metrics "`canonical`" | "`canonical`, `primepre`, `smart_dairy`, `ahsp`, `inventory`, `apex`, `otel_semconv`, `axum_prometheus`, `actix_web_prom`" | "How families are named."
    "OBS_METRICS_NAMESPACE" metrics "" | "letters, digits and `_`, beginning with a letter and not ending in `_`" | "What the names of families begin with."
    "OBS_METRICS_STRICT_BUCKETS" metrics "`false`" | "`true`, `false`" | "Whether the bounds of a preset are kept exactly."
    "OBS_CURRENCY" metrics "of the preset, else none" | "letters and digits, none of `total`, `count`, `sum`, `bucket`, `created`, `info`; beside `smart_dairy`, whose names have it, only `bdt`" | "The currency in the names of money."
    "OBS_METRICS_MAX_ROUTES" metrics "1000" | "1 to 100000" | "How many routes have series of their own."
    "OBS_METRICS_ZERO_STATUSES" metrics "200 and 500" | "up to 16 statuses, with commas" | "The statuses that a declared route shows as zero."
    "OBS_SLOW_REQUEST_MS" metrics "2000" | "1 to 3600000" | "From how many milliseconds on a request counts as slow."
    "OBS_SLOW_QUERY_MS" metrics "1000" | "1 to 3600000" | "From how many milliseconds on a query counts as slow."
    "OBS_METRICS_MAX_LABEL_VALUES" metrics "100" | "1 to 10000" | "How many values an open label may have."
    "OBS_METRICS_MAX_SERIES_PER_FAMILY" metrics "1000" | "1 to 100000" | "How many series a family may have."
    "OBS_METRICS_MAX_SERIES" metrics "20000" | "1 to 1000000" | "How many series all families together may have."
    "OBS_METRICS_SPLIT_BUSINESS" metrics "`false`" | "`true`, `false`" | "Whether the families of the business are at `/business-metrics` instead of `/metrics`."
    "RUST_LOG" logging "`info`" | "levels and `target=level`, separated by commas" | "Which events become log lines."
    "OBS_LOG_FORMAT" logging "`auto`" | "`auto`, `json`, `console`" | "How lines look."
    "OBS_LOG_BUFFER_BYTES" logging "1048576" | "4096 to 1073741824" | "How many bytes of lines may wait for the output."
    "OBS_ACCESS_LOG" logging "`true`" | "`true`, `false`" | "Whether every finished request and job writes a line."
    "OBS_SLOW_CALL_MS" logging "1000" | "0 to 3600000" | "A call to a database, cache or another service that takes longer, in milliseconds, writes a line; 0: none does."
    "OBS_LOG_CRATE" logging "`true`" | "`true`, `false`" | "Whether records of the `log` crate become lines."
    "NO_COLOR" logging "" | "anything turns colours off" | "Whether console lines are coloured on a terminal."
    "OBS_TRUSTED_PROXIES" tracing "`private`: this host and private networks" | "`private`, `all`, `none`, or up to 64 addresses and networks, with commas" | "Whose `Forwarded` and `X-Forwarded-Proto` headers say the scheme of a request."
    "OTEL_TRACES_SAMPLER" tracing "`parentbased_always_on`" | "`always_on`, `always_off`, `traceidratio`, `parentbased_always_on`, `parentbased_always_off`, `parentbased_traceidratio`" | "Which traces are kept."
    "OTEL_TRACES_SAMPLER_ARG" tracing "the whole" | "a share of traces, from 0 up to 1, for the two ratios" | "How many traces the ratio samplers keep."
    "OTEL_PROPAGATORS" tracing "`tracecontext`" | "a list of `tracecontext`, `none`; `baggage` is ignored" | "Whether the trace of a caller is continued; with `none` every request begins one of its own."
    "OTEL_SDK_DISABLED" tracing "`false`" | "`true`, `false`" | "Whether spans and metrics are kept from being exported."
    "OTEL_EXPORTER_OTLP_ENDPOINT" export "none: no export" | "an `http` or `https` URL; over HTTP `/v1/traces` or `/v1/metrics` is added" | "The collector."
    "OTEL_ENDPOINT" => "OTEL_EXPORTER_OTLP_ENDPOINT" export "none" | "the same" | "Read if the standard one is not set."
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" export "none" | "the same, taken as it is" | "Where spans go."
    "OTEL_EXPORTER_OTLP_PROTOCOL" export "`http/protobuf`" | "`grpc`, `http/protobuf`" | "How spans and metrics are sent."
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL" export "`http/protobuf`" | "`grpc`, `http/protobuf`" | "How spans are sent."
    "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL" export "`http/protobuf`" | "`grpc`, `http/protobuf`" | "How metrics are sent."
    "OTEL_EXPORTER_OTLP_HEADERS" export "none" | "`name=value` pairs, separated by commas, values percent-encoded; secret" | "Headers of every request to the collector."
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS" export "none" | "the same" | "Headers of spans."
    "OTEL_EXPORTER_OTLP_METRICS_HEADERS" export "none" | "the same" | "Headers of metrics."
    "OTEL_EXPORTER_OTLP_TIMEOUT" export "10000" | "1 to 600000" | "How many milliseconds one attempt may take."
    "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT" export "10000" | "1 to 600000" | "The same for spans."
    "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT" export "10000" | "1 to 600000" | "The same for metrics."
    "OTEL_EXPORTER_OTLP_COMPRESSION" export "`none`" | "`gzip`, `none`" | "How requests to the collector are compressed."
    "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION" export "`none`" | "`gzip`, `none`" | "The same for spans."
    "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION" export "`none`" | "`gzip`, `none`" | "The same for metrics."
    "OTEL_EXPORTER_OTLP_CERTIFICATE" export "" | "a file with PEM certificates, of at most 1 MiB" | "Authorities that are trusted besides the system's (`SSL_CERT_FILE` and `SSL_CERT_DIR` replace those)."
    "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE" export "" | "the same" | "The same for spans."
    "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE" export "" | "the same" | "The same for metrics."
    "OTEL_TRACES_EXPORTER" export "`otlp`" | "a list of `otlp`, `none`; another exporter is not replaced: spans are off" | "Whether spans are exported, if there is an endpoint."
    "OTEL_EXPORTER" => "OTEL_TRACES_EXPORTER" export "`otlp`" | "a list of `otlp`, `none`" | "Read if the standard one is not set."
    "OTEL_METRICS_EXPORTER" export "`none`: only pulled" | "a list of `otlp`, `prometheus`, `none`" | "Whether metrics are exported, besides being pulled."
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" export "none" | "a URL, taken as it is; metrics are then exported without `OTEL_METRICS_EXPORTER`" | "Where metrics go."
    "OTEL_METRIC_EXPORT_INTERVAL" export "60000" | "100 to 3600000" | "How many milliseconds are between two exports of metrics."
    "OTEL_METRIC_EXPORT_TIMEOUT" export "30000" | "1 to 600000" | "How many milliseconds an export of metrics may take, further attempts included."
    "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE" export "`cumulative`" | "`cumulative`, `delta`, `lowmemory`" | "Whether totals or differences are sent."
    "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION" export "`explicit_bucket_histogram`" | "`explicit_bucket_histogram`, `base2_exponential_bucket_histogram`" | "Which buckets of a histogram are sent."
    "OBS_PUSHGATEWAY_URL" export "none: no push" | "an `http` or `https` URL, with or without `user:password@`" | "The gateway that metrics are pushed to."
    "OBS_PUSHGATEWAY_JOB" export "name of the service" | "any text" | "The label `job` of what is pushed."
    "OBS_PUSHGATEWAY_INSTANCE" export "none" | "any text" | "The label `instance` of what is pushed."
    "OBS_PUSHGATEWAY_INTERVAL_MS" export "0" | "0 to 3600000" | "How many milliseconds are between two pushes; 0 is one push at the end."
    "OBS_EXPORT_QUEUE_BYTES" export "16777216" | "65536 to 1073741824" | "How many bytes of each signal may wait to be sent."
    "OBS_EXPORT_INTERVAL_MS" export "1000" | "10 to 60000" | "How many milliseconds spans wait for others to be sent with."
    "OTEL_BSP_SCHEDULE_DELAY" => "OBS_EXPORT_INTERVAL_MS" export "1000" | "10 to 60000" | "Read if our own one is not set."
    "SENTRY_DSN" errors "none: off" | "`https://KEY@HOST/PROJECT`, also `http`; secret" | "The project that takes error events."
    "SENTRY_ENVIRONMENT" errors "that of the service" | "a name of at most 64 bytes" | "The environment of error events; also that of the service, after `OBS_ENVIRONMENT`."
    "SENTRY_RELEASE" errors "`name@version` of the service, else `name@revision`" | "a name of at most 200 bytes" | "The release of error events."
    "SENTRY_SAMPLE_RATE" errors "all" | "a share of errors, from 0 up to 1" | "How many errors are sent."
    "OBS_ERRORS_MAX_PER_SECOND" errors "20" | "1 to 1000" | "How many error events are sent per second in the long run."
    "OBS_HEALTH_CHECK_TIMEOUT_MS" health "1000" | "1 to 60000" | "How many milliseconds a check may take."
    "OBS_HEALTH_CACHE_MS" health "1000" | "0 to 600000" | "How many milliseconds the result of a check is served."
    "OBS_HEALTH_DETAIL" health "`full`" | "`full`, `words`" | "What answers to probes show."
    "OBS_HEALTH_INTERVAL_MS" health "10000" | "0, or 100 to 3600000" | "How many milliseconds are between two runs of every check; 0 runs checks only when a probe asks."
    "OBS_HEALTH_DEGRADED" health "of the preset, else 200" | "`200`, `503`" | "What `/health` answers while only optional checks fail."
};
