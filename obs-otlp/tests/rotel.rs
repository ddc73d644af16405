//! A real collector reads every transport, and is stopped in the middle of it.
#![allow(clippy::print_stderr, reason = "what a test saw")]

mod common;

use std::time::{Duration, Instant};

use common::numbers::{self, Numbers};
use common::{assert_conserved, endpoint, exchange, sample, service, settings, wait_for};
use obs_core::Secret;
use obs_otlp::{Compression, Exporter, MetricsTarget, OtlpTarget, Protocol};
use obs_testing::Rotel;
use rustix::process::Signal;

fn target(rotel: &Rotel, protocol: Protocol, compression: Compression) -> OtlpTarget {
    let port = if protocol == Protocol::Grpc { rotel.grpc() } else { rotel.http() };
    let mut target = OtlpTarget::new(endpoint(port, protocol), protocol);
    target.compression = compression;
    target.headers = vec![("api-key".to_owned(), Secret::new("hunter2".to_owned()))];
    target
}

#[test]
fn every_transport_arrives() {
    let Some(rotel) = Rotel::start("every_transport_arrives") else { return };
    for (name, protocol, compression) in [
        ("GET /grpc", Protocol::Grpc, Compression::None),
        ("GET /grpc/gzip", Protocol::Grpc, Compression::Gzip),
        ("GET /http", Protocol::Http, Compression::None),
        ("GET /http/gzip", Protocol::Http, Compression::Gzip),
    ] {
        let target = target(&rotel, protocol, compression);
        let exporter = Exporter::start(&settings(target), &service(), None);
        let sent = exchange(name);
        exporter.spans().unwrap().push(sent.clone());
        let end = exporter.shutdown(Duration::from_secs(8));
        assert_eq!((end.traces.written, end.traces.dropped), (2, 0), "{name}");
        let (server, child) = (&sent[0], &sent[1]);
        wait_for("both spans in its output", || {
            rotel.output().contains(&format!("ID             : {}", child.span_id))
        });
        wait_for("the end of them", || rotel.output().ends_with("End time: 1700000000005000001\n"));
        let output = rotel.output();
        for line in [
            format!(
                "    Trace ID       : {}\n    Parent ID      : 00f067aa0ba902b7\n    \
                 ID             : {}\n    Name           : {name}\n    \
                 Kind           : SPAN_KIND_SERVER\n    \
                 TraceState     : congo=t61rcWkgMzE,ot=th:c,rojo=00f067aa0ba902b7\n\
                 Start time: 1700000000000000001\nEnd time: 1700000000005000001\n    \
                 Status code    : STATUS_CODE_ERROR\n    \
                 Status message : the database is gone\nAttributes:\n     \
                 -> http.request.method: Str(GET)\n     \
                 -> http.response.status_code: Int(503)\n     \
                 -> cached: Bool(false)\n     -> ratio: Double(0.25)\n     \
                 -> small: Int(7)\n     -> big: Str(18446744073709551615)\n     \
                 -> cart.note: Str(grüße \"x\"\n)\n",
                server.trace_id, server.span_id,
            ),
            format!(
                "    Trace ID       : {}\n    Parent ID      : {}\n    \
                 ID             : {}\n    Name           : load\n    \
                 Kind           : SPAN_KIND_INTERNAL\n",
                child.trace_id, server.span_id, child.span_id,
            ),
            "     -> service.name: Str(orders)\n     -> service.version: Str(1.2.3)\n".to_owned(),
            "     -> deployment.environment.name: Str(testing)\n".to_owned(),
        ] {
            assert!(output.contains(&line), "{line}\nis not in\n{output}");
        }
    }
}

#[test]
fn metrics_arrive_by_every_transport() {
    let Some(rotel) = Rotel::start("metrics_arrive_by_every_transport") else { return };
    for (job, protocol, compression) in [
        (1, Protocol::Grpc, Compression::None),
        (2, Protocol::Grpc, Compression::Gzip),
        (3, Protocol::Http, Compression::None),
        (4, Protocol::Http, Compression::Gzip),
    ] {
        let numbers = Numbers::new();
        numbers.turn(|counted| (counted.jobs, counted.depth) = (vec![job], 0.5));
        let mut to = target(&rotel, protocol, compression);
        to.endpoint = to.endpoint.replace("/v1/traces", "/v1/metrics");
        let exporter = numbers::metrics(MetricsTarget::new(to), &numbers);
        let end = exporter.shutdown(Duration::from_secs(8)).metrics;
        assert_eq!((end.written, end.dropped), (3, 0), "{protocol:?} {compression:?}");
        wait_for("the end of it", || {
            let shown = rotel.output().matches("request_id: Str(r-1)\n").count();
            shown == usize::try_from(job).unwrap()
        });
        let output = rotel.output();
        for lines in [
            "     -> host: Str(a\"b)\nStartTimestamp: 1700000000000000007\nTimestamp: ".to_owned(),
            format!("\nValue: {job}\nMetric #1\n"),
        ] {
            assert!(output.contains(&lines), "{lines}\nis not in\n{output}");
        }
        for lines in [
            "     -> Name: jobs_total\n     -> Description: Jobs done.\n     -> Unit: \n     \
             -> DataType: Sum\n     -> IsMonotonic: true\n     \
             -> AggregationTemporality: AGGREGATION_TEMPORALITY_CUMULATIVE\n",
            "     -> Name: queue_ratio\n     -> Description: How full.\n     -> Unit: 1\n     \
             -> DataType: Gauge\n",
            "     -> Name: job_duration_seconds\n     -> Description: How long jobs take.\n     \
             -> Unit: s\n     -> DataType: Histogram\n",
            "Count: 5\nSum: 1.75\nExplicitBounds #0: 0.5\nBuckets #0, Count: 4\n\
             Buckets #1, Count: 1\nExemplars:\nExemplar #0\n     \
             -> Trace ID: 4bf92f3577b34da6a3ce929d0e0e4736\n     \
             -> Span ID: 00f067aa0ba902b7\n     -> Timestamp: 1700000001000000007\n     \
             -> Value: 0.25\n     -> FilteredAttributes:\n          -> request_id: Str(r-1)\n",
        ] {
            assert_eq!(output.matches(lines).count() as u64, job, "{lines}\nin\n{output}");
        }
    }
}

#[test]
fn a_stopped_collector_delays_no_exit_and_gets_the_rest_when_it_goes_on() {
    let test = "a_stopped_collector_delays_no_exit_and_gets_the_rest_when_it_goes_on";
    let Some(rotel) = Rotel::start(test) else { return };
    for protocol in [Protocol::Grpc, Protocol::Http] {
        let start = || {
            let mut target = target(&rotel, protocol, Compression::Gzip);
            target.timeout = Duration::from_millis(300);
            let exporter = Exporter::start(&settings(target), &service(), None);
            exporter.spans().unwrap().push(exchange("before"));
            assert_eq!(exporter.flush(Duration::from_secs(8)).traces.written, 2);
            exporter
        };
        let (ends, goes_on) = (start(), start());
        rotel.signal(Signal::STOP);
        for exporter in [&ends, &goes_on] {
            (0..500).for_each(|_| exporter.spans().unwrap().push(exchange("while it is stopped")));
        }
        let began = Instant::now();
        let end = ends.shutdown(Duration::from_secs(1));
        assert!(began.elapsed() < Duration::from_millis(1300), "{:?}", began.elapsed());
        assert_conserved(end.traces, 1002);
        assert_eq!(end.traces.written, 2);
        eprintln!("{protocol:?}: shutdown took {:?}", began.elapsed());
        rotel.signal(Signal::CONT);
        let end = goes_on.flush(Duration::from_secs(20));
        assert_eq!((end.traces.written, end.traces.dropped), (1002, 0), "{protocol:?}");
        goes_on.shutdown(Duration::from_secs(1));
        assert_eq!(sample(&goes_on, "obs_export_written_total traces"), 1002);
    }
}
