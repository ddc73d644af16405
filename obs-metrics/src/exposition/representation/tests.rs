use super::*;

const TEXT: Content = Content::Text(Format::Text);
const OPEN_METRICS: Content = Content::Text(Format::OpenMetrics);
#[cfg(feature = "native-histograms")]
const PROTOBUF: Content = Content::Protobuf;
/// What is liked next.
#[cfg(not(feature = "native-histograms"))]
const PROTOBUF: Content = OPEN_METRICS;

#[test]
fn prometheus_gets_what_it_asks_for() {
    for (accept, content) in [
        // 2.42
        (
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
             text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            OPEN_METRICS,
        ),
        // 2.42 with native histograms
        (
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,\
             application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,\
             text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            PROTOBUF,
        ),
        // 2.55 with UTF-8 names
        (
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.4,\
             application/openmetrics-text;version=0.0.1;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
            OPEN_METRICS,
        ),
        // 3.x
        (
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
             application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
             text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            OPEN_METRICS,
        ),
        // 3.x with native histograms
        (
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;\
             escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,\
             application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,\
             text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
            PROTOBUF,
        ),
        // 3.x with legacy names, text only
        (
            "text/plain;version=1.0.0;escaping=underscores;q=0.4,text/plain;version=0.0.4;q=0.3",
            TEXT,
        ),
    ] {
        assert_eq!(Content::negotiate(accept), content, "{accept:?}");
    }
}

#[test]
fn whoever_asks_gets_what_is_liked_best() {
    for (accept, content) in [
        ("", TEXT),
        ("*/*", TEXT),
        ("text/*", TEXT),
        ("application/*", OPEN_METRICS),
        ("application/*;q=0.1, text/*;q=0", OPEN_METRICS),
        ("application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5", TEXT),
        ("application/openmetrics-text;q=0.4, text/plain;q=0.5", TEXT),
        ("application/openmetrics-text; version=1.0.0; charset=utf-8", OPEN_METRICS),
        ("Application/OpenMetrics-Text; Version=\"1.0.0\"; Q=0.3", OPEN_METRICS),
        // Named exactly wins over a wildcard, whatever its place and quality.
        (
            "*/*, text/plain;q=0.5, application/openmetrics-text;q=0.6, application/*;q=0.1",
            OPEN_METRICS,
        ),
        ("application/openmetrics-text, */*", OPEN_METRICS),
        ("*/*, text/plain;q=0", OPEN_METRICS),
        ("text/plain, application/openmetrics-text", TEXT),
        (
            "application/openmetrics-text;q=0.2, application/openmetrics-text;version=1.0.0;q=0.9, text/plain;q=0.5",
            OPEN_METRICS,
        ),
        // Nothing of it is ours: text all the same.
        ("application/openmetrics-text;q=0", TEXT),
        ("application/json", TEXT),
        ("*/*;q=0", TEXT),
        ("application/openmetrics-text;q=nonsense", TEXT),
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", TEXT),
        (
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
            TEXT,
        ),
    ] {
        assert_eq!(Content::negotiate(accept), content, "{accept:?}");
    }
}

#[test]
fn gzip_only_where_it_is_asked_for() {
    for (accept, encoding) in [
        ("", Encoding::Identity),
        ("gzip", Encoding::Gzip),
        ("GZIP;q=0.5", Encoding::Gzip),
        ("gzip, deflate, br", Encoding::Gzip),
        ("gzip;q=0", Encoding::Identity),
        ("gzip;q=0, *", Encoding::Identity),
        ("gzip;q=0.5, identity;q=0.8", Encoding::Identity),
        ("gzip, identity", Encoding::Gzip),
        ("*", Encoding::Identity),
        ("*, identity;q=0", Encoding::Gzip),
        ("*;q=0.5, identity;q=0.1", Encoding::Gzip),
        ("deflate, br", Encoding::Identity),
        ("identity;q=0", Encoding::Identity),
        ("gzip;q=7", Encoding::Identity),
    ] {
        assert_eq!(Encoding::negotiate(accept), encoding, "{accept:?}");
    }
}
